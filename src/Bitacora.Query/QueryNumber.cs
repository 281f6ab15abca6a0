using System.Globalization;

namespace Bitacora.Query;

/// <summary>A number as queries compare them: an exact 64-bit integer or a double.</summary>
/// <remarks>Two integers compare exactly, anything else as doubles; NaN compares with nothing.</remarks>
public readonly struct QueryNumber : IEquatable<QueryNumber>
{
    private readonly long _integer;
    private readonly double _double;

    /// <summary>Creates an integer.</summary>
    /// <param name="value">The value.</param>
    public QueryNumber(long value)
    {
        IsInteger = true;
        _integer = value;
        _double = value;
    }

    /// <summary>Creates a double.</summary>
    /// <param name="value">The value.</param>
    public QueryNumber(double value) => _double = value;

    /// <summary>Whether the number is an exact 64-bit integer.</summary>
    public bool IsInteger { get; }

    /// <summary>The integer; meaningful only where <see cref="IsInteger"/> holds.</summary>
    public long Integer => _integer;

    /// <summary>The number as a double, rounded where it is a large integer.</summary>
    public double Double => _double;

    /// <summary>Compares by value: integers exactly, else as doubles.</summary>
    /// <param name="left">One number.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are equal.</returns>
    public static bool operator ==(QueryNumber left, QueryNumber right) => left.Equals(right);

    /// <summary>Compares by value: integers exactly, else as doubles.</summary>
    /// <param name="left">One number.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they differ.</returns>
    public static bool operator !=(QueryNumber left, QueryNumber right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(QueryNumber other) =>
        IsInteger && other.IsInteger ? _integer == other._integer : _double == other._double;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is QueryNumber other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _double.GetHashCode();

    /// <summary>The number as queries write it: a decimal integer, or the shortest text that reads back as the same double.</summary>
    /// <returns>The text, without a sign on zero.</returns>
    public override string ToString() =>
        IsInteger ? _integer.ToString(CultureInfo.InvariantCulture) : (_double + 0.0).ToString(CultureInfo.InvariantCulture);

    /// <summary>Compares as the operators <c>&lt; &lt;= &gt; &gt;=</c> do.</summary>
    /// <param name="comparison">The operator.</param>
    /// <param name="right">The number on its right.</param>
    /// <returns>The result; false where one is NaN.</returns>
    internal bool Compare(OrderOperator comparison, QueryNumber right) => IsInteger && right.IsInteger
        ? comparison switch
        {
            OrderOperator.Less => _integer < right._integer,
            OrderOperator.LessOrEqual => _integer <= right._integer,
            OrderOperator.Greater => _integer > right._integer,
            _ => _integer >= right._integer,
        }
        : comparison switch
        {
            OrderOperator.Less => _double < right._double,
            OrderOperator.LessOrEqual => _double <= right._double,
            OrderOperator.Greater => _double > right._double,
            _ => _double >= right._double,
        };
}
