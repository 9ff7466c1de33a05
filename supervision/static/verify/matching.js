/* Section 6, the one procedure behind teams and deals: ticket-ordered greedy with augmenting paths.

   Places are handed out in levels: whoever carries least is served first, in an order drawn by tickets. When an agent
   finds no free place directly, others are moved along a shortest chain so that one becomes free; only when no chain
   exists does the agent leave.

   Three facts make it fast and change nothing: a full task stays full, so each agent keeps one finger in the queue;
   the first agent reached that could take a free place ends the search; and when a search fails, all it saw leads only
   to itself, for good. */
import { inTicketOrder } from "./tickets.js";

/* Agents are {name, cap, prior}, `need` is a Map of places by task, `barred` names the tasks an agent may not have.
   Gives the members of each task and the places left, both by task. */
export function match(hashName, key, { agents, need, barred }) {
  const queue = inTicketOrder(hashName, `${key}:task`, [...need.keys()]).map(([, task]) => task);
  const board = new Board(queue, { agents, need, barred });
  handOut(board, agents, (names, level) => inTicketOrder(hashName, `${key}:level:${level}`, names));
  return {
    members: new Map(queue.map((task, t) => [task, board.members[t].map((agent) => agents[agent].name)])),
    missing: new Map(queue.map((task, t) => [task, board.free[t]]).filter(([, left]) => left > 0)),
    placesLeft: board.placesLeft,
  };
}

/* Go up level by level until no place or no agent is left. */
function handOut(board, agents, ordered) {
  const number = new Map(agents.map((agent, i) => [agent.name, i]));
  const base = agents.reduce((least, agent) => Math.min(least, agent.prior), agents.length ? agents[0].prior : 0);
  const active = new Set(number.keys());
  const load = new Map(agents.map((agent) => [agent.name, 0]));
  const above = (name) => agents[number.get(name)].prior - base;
  let level = 0;
  while (board.placesLeft && active.size) {
    // Levels at which nobody is admitted are skipped.
    const least = [...active].reduce((found, name) => Math.min(found, above(name)), Infinity);
    level = Math.max(level, least) + 1;
    const admitted = [...active].filter((name) => above(name) < level);
    for (const [, name] of ordered(admitted, level)) {
      if (!board.placesLeft) { return; }
      const agent = number.get(name);
      if (load.get(name) < agents[agent].cap && board.givePlace(agent)) {
        load.set(name, load.get(name) + 1);
      } else {
        active.delete(name);
      }
    }
  }
}

/* The state of one run: tasks by their place in the queue, agents by their number. */
class Board {
  constructor(queue, { agents, need, barred }) {
    const place = new Map(queue.map((task, t) => [task, t]));
    this.free = queue.map((task) => need.get(task));
    this.placesLeft = this.free.reduce((sum, places) => sum + places, 0);
    this.members = queue.map(() => []);
    this.held = agents.map(() => new Set());
    this.barred = agents.map((agent) => placesOf(barred.get(agent.name), place));
    this.finger = agents.map(() => 0);
    this.nextOpen = Array.from({ length: queue.length + 1 }, (_, t) => (this.free[t] === 0 ? t + 1 : t));
    this.closedAgents = new Set();
    this.closedTasks = new Set();
  }

  /* Give the agent one more place, directly or by moving others; say whether it worked. */
  givePlace(agent) {
    const task = this.freeTask(agent);
    if (task === null) { return this.augment(agent); }
    this.join(agent, task);
    return true;
  }

  mayJoin(agent, task) {
    return !this.barred[agent].has(task) && !this.held[agent].has(task);
  }

  /* The first task in the queue with a free place, eligible for the agent, the agent not on it. */
  freeTask(agent) {
    let task = this.openFrom(this.finger[agent]);
    while (task < this.free.length && !this.mayJoin(agent, task)) { task = this.openFrom(task + 1); }
    this.finger[agent] = task;
    return task < this.free.length ? task : null;
  }

  /* The first task with a free place from here on, halving the way for the next time. */
  openFrom(start) {
    let task = start;
    while (this.nextOpen[task] !== task) {
      this.nextOpen[task] = this.nextOpen[this.nextOpen[task]];
      task = this.nextOpen[task];
    }
    return task;
  }

  join(agent, task) {
    this.members[task].push(agent);
    this.held[agent].add(task);
    this.free[task] -= 1;
    this.placesLeft -= 1;
    if (this.free[task] === 0) { this.nextOpen[task] = task + 1; }
  }

  /* Search breadth first for a chain of moves that ends at a free place, and carry it out. */
  augment(root) {
    if (this.closedAgents.has(root)) { return false; }
    const came = new Map(); // agent: the task it was met on, and the agent that was looking for a place there
    const reached = [root];
    const seen = [];
    let unseen = this.free.map((_, task) => task);
    for (const agent of reached) {
      const passedBy = [];
      for (const task of unseen) {
        if (this.closedTasks.has(task)) { continue; }
        if (!this.mayJoin(agent, task)) { passedBy.push(task); continue; }
        seen.push(task);
        if (this.reachMembers(task, { root, agent, came, reached })) { return true; }
      }
      unseen = passedBy;
    }
    reached.forEach((agent) => this.closedAgents.add(agent));
    seen.forEach((task) => this.closedTasks.add(task));
    return false;
  }

  /* Reach the members of a full task; true when one of them could move on and the chain was carried out. */
  reachMembers(task, { root, agent, came, reached }) {
    for (const member of this.members[task]) {
      if (member === root || came.has(member) || this.closedAgents.has(member)) { continue; }
      came.set(member, [task, agent]);
      reached.push(member);
      const last = this.freeTask(member);
      if (last !== null) {
        this.move(member, last, came);
        return true;
      }
    }
    return false;
  }

  /* Let the last agent take the free place and each earlier one the place its successor leaves. */
  move(last, to, came) {
    this.join(last, to);
    let agent = last;
    while (came.has(agent)) {
      const [task, earlier] = came.get(agent);
      this.members[task].splice(this.members[task].indexOf(agent), 1);
      this.held[agent].delete(task);
      this.members[task].push(earlier);
      this.held[earlier].add(task);
      agent = earlier;
    }
  }
}

function placesOf(tasks, place) {
  return new Set([...(tasks || [])].filter((task) => place.has(task)).map((task) => place.get(task)));
}
