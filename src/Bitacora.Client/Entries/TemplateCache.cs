namespace Bitacora.Client.Entries;

/// <summary>
/// Templates that were parsed. Programs that build their templates (interpolated strings) have any number of them: when it is full it
/// begins anew.
/// </summary>
internal sealed class TemplateCache(int limit, EntryVocabulary vocabulary)
{
    /// <summary>Templates that somebody chose for their equal hashes must not make looking them up slow.</summary>
    private const int SameHashLimit = 16;

    private readonly Dictionary<uint, KnownTemplate[]> _known = [];

    /// <summary>How many are kept now.</summary>
    public int Count { get; private set; }

    public KnownTemplate Get(ReadOnlySpan<byte> text)
    {
        var key = EntryVocabulary.HashOf(text);
        if (_known.TryGetValue(key, out var sameHash))
        {
            foreach (var known in sameHash)
            {
                if (text.SequenceEqual(known.Text))
                {
                    return known;
                }
            }
        }

        if (Count >= limit || sameHash is { Length: >= SameHashLimit })
        {
            _known.Clear();
            (Count, sameHash) = (0, null);
        }

        var parsed = MessageTemplate.Parse(text);
        var template = new KnownTemplate(
            text.ToArray(), parsed, [.. parsed.Holes.Select(hole => vocabulary.Name(hole.AttributeName))]);
        _known[key] = [.. sameHash ?? [], template];
        Count++;
        return template;
    }
}
