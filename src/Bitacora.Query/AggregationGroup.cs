using System.Text;
using Bitacora.Query.Aggregating;

namespace Bitacora.Query;

/// <summary>One group of an <see cref="Aggregation"/>, to which a store adds what it computed elsewhere.</summary>
/// <remarks>Functions are addressed by their index in <see cref="Aggregate.Functions"/>. One thread at a time.</remarks>
public sealed class AggregationGroup
{
    private readonly Aggregation _owner;

    internal AggregationGroup(Aggregation owner, FunctionState[] states)
    {
        _owner = owner;
        States = states;
    }

    internal FunctionState[] States { get; }

    /// <summary>Adds to a <c>count</c>.</summary>
    /// <param name="function">The function's index.</param>
    /// <param name="count">How many records.</param>
    public void AddCount(int function, long count) => Of(function, AggregateFunctionKind.Count).AddCount(count);

    /// <summary>Adds to a <c>sum</c> or <c>avg</c>.</summary>
    /// <param name="function">The function's index.</param>
    /// <param name="sum">The sum of some values.</param>
    /// <param name="count">How many they are; with none nothing is added.</param>
    public void AddSum(int function, QueryNumber sum, long count)
    {
        if (count > 0)
        {
            Of(function, AggregateFunctionKind.Sum, AggregateFunctionKind.Average).AddSum(sum, count);
        }
    }

    /// <summary>Adds a least or greatest value to a <c>min</c> or <c>max</c>.</summary>
    /// <param name="function">The function's index.</param>
    /// <param name="value">The value, not NaN.</param>
    public void AddExtreme(int function, QueryNumber value) =>
        Of(function, AggregateFunctionKind.Minimum, AggregateFunctionKind.Maximum).AddExtreme(_owner.FunctionAt(function).Kind, value);

    /// <summary>Adds values to a percentile.</summary>
    /// <param name="function">The function's index.</param>
    /// <param name="bucket">Their bucket (<see cref="PercentileBuckets.BucketOf"/>).</param>
    /// <param name="count">How many they are.</param>
    public void AddBucket(int function, int bucket, long count) =>
        Of(function, AggregateFunctionKind.Percentile).AddBucket(bucket, count);

    /// <summary>Adds a value to a <c>distinct</c>.</summary>
    /// <param name="function">The function's index.</param>
    /// <param name="text">The value's text.</param>
    public void AddDistinct(int function, string text) =>
        Of(function, AggregateFunctionKind.Distinct).AddText(Encoding.UTF8.GetBytes(text), _owner.Budget);

    /// <summary>Counts values that a function skipped because they were no numbers.</summary>
    /// <param name="function">The function's index.</param>
    /// <param name="count">How many they are.</param>
    public void AddSkipped(int function, long count) => _owner.AddSkipped(function, count);

    private FunctionState Of(int function, params ReadOnlySpan<AggregateFunctionKind> kinds)
    {
        AggregateFunction asked = _owner.FunctionAt(function);
        return kinds.Contains(asked.Kind)
            ? States[function]
            : throw new ArgumentException($"function {function} is {asked.Column}", nameof(function));
    }
}
