namespace Bitacora.Testing.Cassandra.Proxy;

/// <summary>The faults of one direction of one connection, in the order of their bytes.</summary>
internal sealed class FaultSchedule
{
    private readonly FaultPlan _plan;
    private readonly Random _faults;
    private readonly Random _slices;

    public FaultSchedule(FaultPlan plan, int seed)
    {
        _plan = plan;
        _faults = new Random(seed);
        _slices = new Random(~seed);
        NextAt = plan.FirstAfter;
        MoveOn();
    }

    /// <summary>The byte, counted from the connection's begin, before which the next fault comes.</summary>
    public long NextAt { get; private set; }

    public FaultKind Next { get; private set; }

    public TimeSpan Delay => _plan.Delay;

    public void MoveOn()
    {
        if (_plan.Kinds.Count == 0)
        {
            NextAt = long.MaxValue;
            return;
        }

        NextAt += 1 + _faults.Next(2 * _plan.MeanDistance);
        Next = _plan.Kinds[_faults.Next(_plan.Kinds.Count)];
    }

    public int Slice(int available) =>
        _plan.LargestSlice == 0 ? available : Math.Min(available, 1 + _slices.Next(_plan.LargestSlice));

    public byte Damage(byte value) => (byte)(value ^ 1 << _faults.Next(8));
}
