# SPDX-License-Identifier: Apache-2.0
"""The peers of bench/chain_graph.cc: igraph and networkx on the same edge list.

usage: chain_graph.py FOLDER NODES [--all]
Reads FOLDER/edges.txt (one "from to" a line, numbers below NODES) and FOLDER/sample.txt (one node a line). Prints one
JSON object a measurement (seconds by the wall and of this process), and writes what it found for the bench to compare: FOLDER/PEER.{betweenness,pagerank}
(little-endian doubles by node) and FOLDER/PEER.reach (32-bit integers by sample: nodes within three steps upstream).
networkx computes exact betweenness only with --all: without numpy's help it needs hours on a whole graph.
"""
import array
import json
import sys
import time


def timed(peer, what, work, count=1):
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(json.dumps({"peer": peer, "what": what, "wall": wall / count, "cpu": cpu / count}), flush=True)
    return result


def write(path, kind, values):
    with open(path, "wb") as out:
        array.array(kind, values).tofile(out)


def igraph_run(folder, nodes, sample):
    import igraph

    def load():
        graph = igraph.Graph.Read_Edgelist(folder + "/edges.txt", directed=True)
        graph.add_vertices(nodes - graph.vcount())
        return graph

    graph = timed("igraph", "load", load)
    reach = timed("igraph", "three_hops", lambda: [len(graph.neighborhood(v, order=3, mode="in")) - 1 for v in sample],
                  len(sample))
    # PRPACK is igraph's default; its result is as exact as a double allows.
    rank = timed("igraph", "pagerank", lambda: graph.pagerank(damping=0.85))
    between = timed("igraph", "betweenness", lambda: graph.betweenness(directed=True))
    write(folder + "/igraph.reach", "i", reach)
    write(folder + "/igraph.pagerank", "d", rank)
    write(folder + "/igraph.betweenness", "d", between)


def networkx_run(folder, nodes, sample, everything):
    import networkx

    def load():
        graph = networkx.read_edgelist(folder + "/edges.txt", create_using=networkx.DiGraph, nodetype=int)
        graph.add_nodes_from(range(nodes))
        return graph

    graph = timed("networkx", "load", load)
    back = graph.reverse(copy=False)
    reach = timed("networkx", "three_hops", lambda: [
        len(networkx.single_source_shortest_path_length(back, v, cutoff=3)) - 1 for v in sample], len(sample))
    # The pure Python form: the other needs scipy. tol is the error per node.
    from networkx.algorithms.link_analysis.pagerank_alg import _pagerank_python
    rank = timed("networkx", "pagerank", lambda: _pagerank_python(graph, alpha=0.85, tol=1e-14 / nodes, max_iter=1000))
    write(folder + "/networkx.reach", "i", reach)
    write(folder + "/networkx.pagerank", "d", (rank[v] for v in range(nodes)))
    if everything:
        between = timed("networkx", "betweenness", lambda: networkx.betweenness_centrality(graph, normalized=False))
        write(folder + "/networkx.betweenness", "d", (between[v] for v in range(nodes)))


def main():
    folder, nodes = sys.argv[1], int(sys.argv[2])
    with open(folder + "/sample.txt") as text:
        sample = [int(line) for line in text]
    igraph_run(folder, nodes, sample)
    networkx_run(folder, nodes, sample, "--all" in sys.argv[3:])


main()
