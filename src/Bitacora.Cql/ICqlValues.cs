namespace Bitacora.Cql;

/// <summary>
/// The values of a statement's markers. Implement it with a struct (a <c>ref struct</c> too): the client writes through it without boxing.
/// </summary>
/// <example>
/// <code>
/// readonly record struct Reading(Guid Sensor, DateTimeOffset Time, double Value) : ICqlValues
/// {
///     public void WriteTo(ref ValueWriter writer)
///     {
///         writer.WriteUuid(Sensor);
///         writer.WriteTimestamp(Time);
///         writer.WriteDouble(Value);
///     }
/// }
/// </code>
/// </example>
public interface ICqlValues
{
    /// <summary>Writes one value for each marker, in their order.</summary>
    /// <param name="writer">Where to write.</param>
    void WriteTo(ref ValueWriter writer);
}
