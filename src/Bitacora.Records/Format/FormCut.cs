namespace Bitacora.Records.Format;

/// <summary>Takes the parts of an encoded record in their order and tells constants from slots.</summary>
internal ref struct FormCut
{
    private readonly ReadOnlySpan<FormSlot> _wanted;
    private int _before;

    public FormCut(ReadOnlySpan<byte> header, ReadOnlySpan<FormSlot> wanted)
    {
        _wanted = wanted;
        Constants.AddRange(header);
    }

    public List<byte> Constants { get; } = [];

    public List<(int Before, FormSlotKind Kind)> Slots { get; } = [];

    /// <summary>Whether each slot was met, in the order in which they were given.</summary>
    public readonly bool IsComplete => Slots.Count == _wanted.Length;

    /// <summary>Adds what is the same in each record.</summary>
    public void Keep(ReadOnlySpan<byte> constant)
    {
        Constants.AddRange(constant);
        _before += constant.Length;
    }

    /// <summary>Adds a part whose value, behind so many bytes, may be that of a slot.</summary>
    public void Take(FormSlot slot, ReadOnlySpan<byte> part, int valueAt, FormSlotKind? kind)
    {
        if (IsComplete || _wanted[Slots.Count] != slot || kind is not { } known)
        {
            Keep(part);
            return;
        }

        Keep(part[..valueAt]);
        Slots.Add((_before, known));
        _before = 0;
    }
}
