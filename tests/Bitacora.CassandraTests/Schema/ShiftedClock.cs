namespace Bitacora.CassandraTests.Schema;

/// <summary>A clock that is wrong by so much, and runs otherwise.</summary>
internal sealed class ShiftedClock(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
}
