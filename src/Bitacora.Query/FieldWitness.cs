using System.Text;
using Bitacora.Records;

namespace Bitacora.Query;

/// <summary>Finds the attributes that a query names and no record in its range has, for the note that they deserve (rule 3).</summary>
/// <remarks>A store either shows it the records in range, matched or not, or says which names exist. Once every name has been seen it
/// costs nothing more. One thread at a time; several witnesses may be merged.</remarks>
public sealed class FieldWitness
{
    private readonly List<(byte[] Name, AttributeTerm Term)> _missing;

    /// <summary>Creates a witness that has seen nothing.</summary>
    /// <param name="query">The query.</param>
    public FieldWitness(LogQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        _missing = [.. query.AttributeTerms.Select(t => (Encoding.UTF8.GetBytes(t.Name), t))];
    }

    /// <summary>The terms whose attribute has not been seen yet.</summary>
    public IReadOnlyList<AttributeTerm> Missing => [.. _missing.Select(m => m.Term)];

    /// <summary>Whether every attribute has been seen, so that nothing more needs to be shown.</summary>
    public bool IsSettled => _missing.Count == 0;

    /// <summary>Shows a record in the query's range.</summary>
    /// <param name="record">The record.</param>
    public void Observe(in RecordReader record)
    {
        for (int i = _missing.Count - 1; i >= 0; i--)
        {
            if (record.TryGetAttribute(_missing[i].Name, out _))
            {
                _missing.RemoveAt(i);
            }
        }
    }

    /// <summary>Says that records in range have an attribute.</summary>
    /// <param name="name">The attribute's name.</param>
    public void Saw(string name) => _missing.RemoveAll(m => m.Term.Name == name);

    /// <summary>Takes over what another witness of the same query has seen.</summary>
    /// <param name="other">The other witness; unchanged.</param>
    public void Merge(FieldWitness other)
    {
        ArgumentNullException.ThrowIfNull(other);
        _missing.RemoveAll(m => !other._missing.Exists(o => o.Term.Name == m.Term.Name));
    }

    /// <summary>The query that counts the records which hold a term's text, for its note.</summary>
    /// <param name="query">The query that the term comes from.</param>
    /// <param name="term">One of <see cref="Missing"/>.</param>
    /// <returns>A <c>count</c> over the same range.</returns>
    public static LogQuery CountOfText(LogQuery query, AttributeTerm term)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(term);
        return new LogQuery
        {
            Text = Parsing.Quoting.Quote(term.Text) + " | count",
            Now = query.Now,
            Zone = query.Zone,
            Range = query.Range,
            Filter = term.AsText,
            Aggregate = new Aggregate([], [new AggregateFunction(AggregateFunctionKind.Count, null, 0, "count")], null),
        };
    }
}
