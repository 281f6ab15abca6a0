using Bitacora.Cql.Cluster;

namespace Bitacora.Cql.Routing;

/// <summary>Which node owns which token: the owner is the first node whose token is not smaller, around the ring.</summary>
internal sealed class TokenRing
{
    private readonly long[] _tokens;
    private readonly Node[] _owners;

    public TokenRing(IReadOnlyList<Node> nodes)
    {
        Nodes = nodes;
        var entries = nodes.SelectMany(node => node.Info.Tokens.Select(token => (token, node))).OrderBy(entry => entry.token).ToArray();
        _tokens = [.. entries.Select(entry => entry.token)];
        _owners = [.. entries.Select(entry => entry.node)];
    }

    public IReadOnlyList<Node> Nodes { get; }

    public int Count => _tokens.Length;

    /// <summary>The place on the ring where a token belongs. There must be one.</summary>
    public int IndexOf(long token)
    {
        var index = Array.BinarySearch(_tokens, token);
        index = index < 0 ? ~index : index;
        return index == _tokens.Length ? 0 : index;
    }

    /// <summary>The owners from a place on, once around the ring; a node stands there once for each of its tokens.</summary>
    public IEnumerable<Node> From(int index)
    {
        for (var i = 0; i < _owners.Length; i++)
        {
            yield return _owners[(index + i) % _owners.Length];
        }
    }
}
