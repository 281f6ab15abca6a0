using System.Runtime.CompilerServices;
using Bitacora.Cql.Cluster;

namespace Bitacora.Cql.Routing;

/// <summary>The nodes that a request has been sent to: at most as many as it has attempts.</summary>
[InlineArray(RetryRules.MaxAttempts)]
internal struct TriedNodes
{
    private Node? _first;

    public readonly bool Contains(Node node)
    {
        foreach (var tried in this)
        {
            if (ReferenceEquals(tried, node))
            {
                return true;
            }
        }

        return false;
    }
}
