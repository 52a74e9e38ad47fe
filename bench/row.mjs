// A row of the table. `better` says on which side of `goal` the ratio, or `ours` where there is no peer, has to lie.
export function row(id, work, { ours, peer = null, peerName = '', unit, goal, better = 'lower', note = '' }) {
  const value = peer === null ? ours : ours / peer;
  const used = better === 'higher' ? goal / value : value / goal;
  return { id, work, ours, peer, peerName, unit, value, isRatio: peer !== null, goal, better, used, reached: used <= 1, note };
}

export const cpuRow = (id, work, goal, peerName, ours, peer, note) =>
  row(id, work, { ours: ours.cpu, peer: peer.cpu, peerName, unit: 'us', goal, note });
