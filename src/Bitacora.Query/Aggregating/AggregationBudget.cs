namespace Bitacora.Query.Aggregating;

/// <summary>Bounds what an aggregation may keep (rules 13 and 14); what no longer fits makes the answer partial.</summary>
internal sealed class AggregationBudget
{
    internal const int Groups = 100_000;
    internal const int TextsOfOneGroup = 100_000;

    // Over all groups: a million texts, and 128 MiB for the bytes of texts and keys, and of what functions keep of each group.
    private const int Texts = 1_000_000;
    private const long Bytes = 128 << 20;
    private const int BytesOfFunction = 128;

    private int _texts;
    private long _bytes;

    internal Completeness Completeness { get; private set; } = Completeness.Complete;

    internal bool TryTakeGroup(int groups, int keyLength, int functions)
    {
        if (groups >= Groups)
        {
            Exceed("too-many-groups", $"more than {Groups:N0} groups: records of further ones were not counted; group by fewer values");
            return false;
        }

        return TryTakeBytes(keyLength + (functions * BytesOfFunction));
    }

    internal bool TryTakeText(int textsOfGroup, int length)
    {
        if (textsOfGroup >= TextsOfOneGroup || _texts >= Texts)
        {
            Exceed(
                "too-many-values",
                $"distinct saw more than {TextsOfOneGroup:N0} values in a group, or {Texts:N0} in all: further ones were not counted");
            return false;
        }

        if (!TryTakeBytes(length))
        {
            return false;
        }

        _texts++;
        return true;
    }

    internal void Merge(AggregationBudget other) => Completeness = Completeness.And(other.Completeness);

    private bool TryTakeBytes(int length)
    {
        if (_bytes + length > Bytes)
        {
            Exceed(
                "values-too-large",
                $"the values of groups and distinct take more than {Bytes >> 20} MiB: further ones were not counted");
            return false;
        }

        _bytes += length;
        return true;
    }

    private void Exceed(string code, FormattableString text)
    {
        if (!Completeness.Reasons.Any(r => r.Code == code))
        {
            Completeness = Completeness.And(Completeness.Partial(code, FormattableString.Invariant(text)));
        }
    }
}
