// nginx with examples/gateways/nginx.conf: auth_request.
import { gatewayCases } from './cases.mjs';
import { startNginx } from './started.mjs';

gatewayCases('nginx', startNginx);

// nginx drops names with _ and . by itself; where it is told to keep them, Keystead refuses them.
const lenient = [['listen 127.0.0.1:', 'underscores_in_headers on; ignore_invalid_headers off; listen 127.0.0.1:']];
const startLenient = (keystead, application) => startNginx(keystead, application, lenient);
gatewayCases('nginx that keeps every header', startLenient, { keepsEveryHeader: true });
