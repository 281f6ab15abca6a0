using Bitacora.Query.Aggregating;
using Bitacora.Query.Evaluation;
using Bitacora.Records;

namespace Bitacora.Query;

/// <summary>
/// Computes the groups of an aggregating query from records, from partial results of a store, and from other aggregations.
/// </summary>
/// <remarks>What is added in whatever order and portions gives the same table (doubles to 1e-9), unless the answer is partial because it
/// has more than 100,000 groups or <c>distinct</c> values. One thread at a time; one aggregation
/// a thread, then <see cref="Merge"/>.</remarks>
public sealed class Aggregation
{
    private readonly LogQuery _query;
    private readonly Aggregate _aggregate;
    private readonly AggregateFunction[] _functions;
    private readonly GroupKeyBytes _key;
    private readonly Dictionary<byte[], AggregationGroup> _groups = new(ByteKeyComparer.Instance);
    private readonly long[] _skipped;

    /// <summary>Creates an aggregation without groups.</summary>
    /// <param name="query">A query with an aggregating stage.</param>
    public Aggregation(LogQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        _query = query;
        _aggregate = query.Aggregate ?? throw new ArgumentException("the query does not aggregate", nameof(query));
        _functions = [.. _aggregate.Functions];
        _skipped = new long[_functions.Length];
        _key = new GroupKeyBytes(_aggregate.Keys);
        if (_aggregate.Keys.Count == 0)
        {
            // Without keys there is one group, also of nothing.
            Group([]);
        }
    }

    /// <summary>Whether all groups and values were kept.</summary>
    public Completeness Completeness => Budget.Completeness;

    internal AggregationBudget Budget { get; } = new();

    /// <summary>Counts a record that the query matches; a record of a known group allocates nothing, but for new distinct values.</summary>
    /// <param name="record">The record.</param>
    public void Add(in RecordReader record)
    {
        if (!_key.TryWrite(record, needsAll: _aggregate.Top is not null) || GroupOfKey() is not AggregationGroup group)
        {
            return;
        }

        for (int i = 0; i < _functions.Length; i++)
        {
            Add(_functions[i], i, group.States[i], record);
        }
    }

    /// <summary>The group of these keys, made if it is new, so that a store can add what it computed.</summary>
    /// <param name="keys">A value for each of <see cref="Aggregate.Keys"/>. For <c>top</c>, missing values are to be left out.</param>
    /// <returns>The group, or null beyond 100,000 groups: the answer is partial then.</returns>
    public AggregationGroup? Group(ReadOnlySpan<GroupValue> keys)
    {
        _key.Write(keys);
        return GroupOfKey();
    }

    /// <summary>Takes over the groups of another aggregation of the same query.</summary>
    /// <param name="other">The other one; it must not be used any more.</param>
    public void Merge(Aggregation other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Budget.Merge(other.Budget);
        for (int i = 0; i < _skipped.Length; i++)
        {
            _skipped[i] += other._skipped[i];
        }

        foreach ((byte[] key, AggregationGroup group) in other._groups)
        {
            if (!_groups.TryGetValue(key, out AggregationGroup? mine))
            {
                if (Budget.TryTakeGroup(_groups.Count, key.Length, _functions.Length))
                {
                    mine = NewGroup();
                    _groups.Add(key, mine);
                }
                else
                {
                    continue;
                }
            }

            for (int i = 0; i < _functions.Length; i++)
            {
                mine.States[i].Merge(_functions[i].Kind, group.States[i], Budget);
            }
        }
    }

    /// <summary>The groups in order, with the query's <c>sort</c>, <c>limit</c> and <c>fields</c> applied.</summary>
    /// <returns>The table.</returns>
    public GroupTable ToTable()
    {
        int keys = _aggregate.Keys.Count;
        IEnumerable<GroupCells> rows = _groups.Select(g => GroupCells.Create(
            _aggregate, GroupKeyBytes.Read(g.Key, keys), [.. _functions.Select((f, i) => g.Value.States[i].Result(f))]));
        rows = rows.Order(new GroupOrder(_aggregate));
        if (_aggregate.Top is int top)
        {
            rows = rows.Take(top);
        }

        if (_query.Sort.Count > 0)
        {
            // A stable sort: ties stay in the order above.
            rows = rows.Order(new GroupSort(_aggregate, _query.Sort));
        }

        return Project(rows.Take(_query.Limit ?? int.MaxValue));
    }

    internal AggregateFunction FunctionAt(int index) => _functions[index];

    internal void AddSkipped(int function, long count) => _skipped[function] += count;

    private void Add(AggregateFunction function, int index, FunctionState state, in RecordReader record)
    {
        switch (function.Kind)
        {
            case AggregateFunctionKind.Count:
                state.AddCount(function.Field is null || FieldText.Exists(function.Field, record) ? 1 : 0);
                break;
            case AggregateFunctionKind.Distinct:
                Span<byte> scratch = stackalloc byte[FieldText.IdLength];
                if (FieldText.TryGet(function.Field!, record, scratch, out ReadOnlySpan<byte> text))
                {
                    state.AddText(text, Budget);
                }

                break;
            default:
                if (FieldNumber.TryGet(function.Field!, record, out QueryNumber number, out bool isSkipped))
                {
                    state.AddNumber(function.Kind, number);
                }

                _skipped[index] += isSkipped ? 1 : 0;
                break;
        }
    }

    private AggregationGroup? GroupOfKey()
    {
        var lookup = _groups.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(_key.Written, out AggregationGroup? group))
        {
            return group;
        }

        if (!Budget.TryTakeGroup(_groups.Count, _key.Written.Length, _functions.Length))
        {
            return null;
        }

        group = NewGroup();
        lookup[_key.Written] = group;
        return group;
    }

    private AggregationGroup NewGroup() => new(this, [.. _functions.Select(_ => new FunctionState())]);

    private GroupTable Project(IEnumerable<GroupCells> rows)
    {
        IReadOnlyList<string> columns = _aggregate.Columns;
        int[] chosen = [.. (_query.Fields ?? columns).Select(f => Enumerable.Range(0, columns.Count).First(i => columns[i] == f))];
        IEnumerable<QueryNote> notes = _functions.Zip(_skipped).Where(s => s.Second > 0).Select(s => new QueryNote(
            "skipped-values",
            FormattableString.Invariant($"{s.First.Column} skipped {s.Second} values that are no numbers")));
        return new GroupTable(
            [.. chosen.Select(c => columns[c])],
            [.. _functions.Where(f => f.Kind == AggregateFunctionKind.Percentile).Select(f => f.Column)],
            [.. rows.Select(r => (IReadOnlyList<object?>)[.. chosen.Select(c => r.Cell(c, _aggregate))])],
            [.. notes]);
    }
}
