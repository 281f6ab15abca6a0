using System.Buffers.Binary;
using System.Text.Unicode;
using Bitacora.Records.Format;

namespace Bitacora.Records;

/// <summary>
/// Fills in a <see cref="RecordForm"/>: one value for each of its slots, in their order, then <see cref="TryEnd"/>. What cannot be taken as
/// it is (text that is not UTF-8 or beyond a limit, another type) makes the record unfit; it is then set field by field, which cuts and
/// mends.
/// </summary>
public ref struct FormWriter
{
    private readonly RecordBatchBuilder _builder;
    private readonly RecordForm? _form;
    private readonly Span<byte> _record;
    private ReadOnlySpan<byte> _constants;
    private int _length;
    private int _slot;

    /// <summary>Writes what stands before the first slot.</summary>
    internal FormWriter(
        RecordBatchBuilder builder, RecordForm form, Span<byte> room, long time, Level level, scoped ReadOnlySpan<byte> message)
    {
        _builder = builder;
        _constants = form.Constants;
        if (room.Length < form.Constants.Length + message.Length || message.Length > form.MaxMessage || !Utf8.IsValid(message))
        {
            return;
        }

        _form = form;
        _record = room;
        Constant(RecordLayout.HeaderSize);
        _record[RecordLayout.Level] = (byte)level;
        BinaryPrimitives.WriteInt64LittleEndian(_record[RecordLayout.Time..], time);
        BinaryPrimitives.WriteUInt32LittleEndian(_record[RecordLayout.MessageLength..], (uint)message.Length);
        message.CopyTo(_record[_length..]);
        _length += message.Length;
        BeforeSlot();
    }

    /// <summary>Whether all values so far could be taken.</summary>
    public readonly bool IsFit => _length > 0;

    /// <summary>The next value, a text.</summary>
    public void Add(scoped ReadOnlySpan<byte> text)
    {
        if (!IsFit)
        {
            return;
        }

        var kind = _slot < _form!.SlotCount ? _form.Slots[_slot].Kind : FormSlotKind.Integer;
        var (isFit, lengthSize) = kind switch
        {
            FormSlotKind.ShortText => (!text.IsEmpty && text.Length <= _form.Limits.ShortField, sizeof(ushort)),
            FormSlotKind.Text => (text.Length <= _form.Limits.AttributeValue, sizeof(uint)),
            _ => (false, 0),
        };
        if (!isFit || !HasRoom(lengthSize + text.Length) || !Utf8.IsValid(text))
        {
            _length = 0;
            return;
        }

        if (lengthSize == sizeof(ushort))
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_record[_length..], (ushort)text.Length);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_record[_length..], (uint)text.Length);
        }

        text.CopyTo(_record[(_length + lengthSize)..]);
        Step(lengthSize + text.Length);
    }

    /// <summary>The next value, an integer.</summary>
    public void Add(long value) => AddBits(FormSlotKind.Integer, value);

    /// <summary>The next value, a double or the duration.</summary>
    public void Add(double value) => AddBits(FormSlotKind.Real, BitConverter.DoubleToInt64Bits(value));

    /// <summary>
    /// Makes what was filled in the record that <see cref="RecordWriter.TryCommit"/> commits, instead of what was set field by field. False
    /// where it is unfit; then the record is what it was before.
    /// </summary>
    public readonly bool TryEnd()
    {
        if (!IsFit || _slot < _form!.SlotCount || _length > _form.Limits.Record)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(_record, (uint)_length);
        _builder.Filled(_length);
        return true;
    }

    private void AddBits(FormSlotKind kind, long bits)
    {
        if (!IsFit)
        {
            return;
        }

        if (_slot >= _form!.SlotCount || _form.Slots[_slot].Kind != kind || !HasRoom(sizeof(long)))
        {
            _length = 0;
            return;
        }

        BinaryPrimitives.WriteInt64LittleEndian(_record[_length..], bits);
        Step(sizeof(long));
    }

    /// <summary>Whether so many bytes have room beside all constants that follow.</summary>
    private readonly bool HasRoom(int count) => count <= _record.Length - _length - _constants.Length;

    private void Step(int written)
    {
        _length += written;
        _slot++;
        BeforeSlot();
    }

    private void BeforeSlot() => Constant(_slot < _form!.SlotCount ? _form.Slots[_slot].Before : _constants.Length);

    private void Constant(int length)
    {
        _constants[..length].CopyTo(_record[_length..]);
        _constants = _constants[length..];
        _length += length;
    }
}
