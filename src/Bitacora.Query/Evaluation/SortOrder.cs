using Bitacora.Records;

namespace Bitacora.Query.Evaluation;

/// <summary>The order of rows that a <c>sort</c> asks for; ties newest first.</summary>
internal sealed class SortOrder<TRow>(IReadOnlyList<SortField> fields) : IComparer<SortedRow<TRow>>
{
    public int Compare(SortedRow<TRow> x, SortedRow<TRow> y)
    {
        for (int i = 0; i < fields.Count; i++)
        {
            int compared = SortValue.Of(x.Keys[i]).CompareTo(SortValue.Of(y.Keys[i]), fields[i].IsDescending);
            if (compared != 0)
            {
                return compared;
            }
        }

        return y.Id.CompareTo(x.Id);
    }

    /// <summary>The same order between a record that is not stored yet and a stored row.</summary>
    internal int Compare(in RecordReader record, in SortedRow<TRow> stored)
    {
        Span<byte> scratch = stackalloc byte[FieldText.IdLength];
        for (int i = 0; i < fields.Count; i++)
        {
            SortValue value = SortValue.Of(fields[i].Field!, record, scratch);
            int compared = value.CompareTo(SortValue.Of(stored.Keys[i]), fields[i].IsDescending);
            if (compared != 0)
            {
                return compared;
            }
        }

        return stored.Id.CompareTo(record.Id);
    }

    internal SortKey[] KeysOf(in RecordReader record)
    {
        Span<byte> scratch = stackalloc byte[FieldText.IdLength];
        SortKey[] keys = new SortKey[fields.Count];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = SortValue.Of(fields[i].Field!, record, scratch).Store();
        }

        return keys;
    }
}
