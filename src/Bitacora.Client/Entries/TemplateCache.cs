namespace Bitacora.Client.Entries;

/// <summary>
/// Templates that were parsed. Programs that build their templates (interpolated strings) have any number of them: when it is full it
/// begins anew.
/// </summary>
internal sealed class TemplateCache(int limit)
{
    private readonly Dictionary<int, List<(byte[] Text, MessageTemplate Parsed)>> _known = [];
    private int _count;

    /// <summary>How many are kept now.</summary>
    public int Count => _count;

    public MessageTemplate Get(ReadOnlySpan<byte> text)
    {
        var hash = default(HashCode);
        hash.AddBytes(text);
        var key = hash.ToHashCode();
        if (_known.TryGetValue(key, out var sameHash))
        {
            foreach (var (known, parsed) in sameHash)
            {
                if (text.SequenceEqual(known))
                {
                    return parsed;
                }
            }
        }

        if (_count >= limit)
        {
            _known.Clear();
            (_count, sameHash) = (0, null);
        }

        var template = MessageTemplate.Parse(text);
        if (sameHash is null)
        {
            _known[key] = sameHash = [];
        }

        sameHash.Add((text.ToArray(), template));
        _count++;
        return template;
    }
}
