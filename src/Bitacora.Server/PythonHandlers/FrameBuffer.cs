using System.Buffers.Binary;

namespace Bitacora.Server.PythonHandlers;

/// <summary>
/// Cuts frames, each behind its length (4 bytes, big-endian), out of what a stream gives. A frame that is too long is passed over without
/// being kept, so that its connection goes on behind it.
/// </summary>
internal sealed class FrameBuffer(int maxFrame)
{
    /// <summary>What a buffer has unless a longer frame makes it grow.</summary>
    public const int UsualBytes = 64 << 10;

    /// <summary>A frame beyond this is none: the first four letters of a text protocol are a length of over 500 MiB.</summary>
    public const int MaxPassedOver = 64 << 20;

    private const int LengthBytes = 4;

    private byte[] _bytes = new byte[UsualBytes];
    private int _start;
    private int _end;
    private long _toPassOver;

    /// <summary>Whether nothing of an unfinished frame is there.</summary>
    public bool IsEmpty => _start == _end && _toPassOver == 0;

    /// <summary>Whether it has grown, and need not have now.</summary>
    public bool CanShrink => _bytes.Length > UsualBytes && _end - _start <= UsualBytes;

    /// <summary>The bytes that the buffer must have, after <see cref="FrameState.NeedsRoom"/>.</summary>
    public int Needed { get; private set; }

    /// <summary>Where received bytes go; not empty after <see cref="FrameState.More"/>.</summary>
    public Memory<byte> Free => _bytes.AsMemory(_end);

    public void Received(int count) => _end += count;

    /// <summary>The next frame, without its length; valid until the next call.</summary>
    public FrameState Next(out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        PassOver();
        if (_end - _start < LengthBytes)
        {
            return More();
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(_start));
        if (length > maxFrame)
        {
            if (length > MaxPassedOver)
            {
                return FrameState.Foreign;
            }

            _start += LengthBytes;
            _toPassOver = length;
            return FrameState.TooLong;
        }

        Needed = LengthBytes + (int)length;
        if (_end - _start >= Needed)
        {
            frame = _bytes.AsMemory(_start + LengthBytes, (int)length);
            _start += Needed;
            return FrameState.Frame;
        }

        return Needed > _bytes.Length ? FrameState.NeedsRoom : More();
    }

    /// <summary>Makes room for <see cref="Needed"/> bytes.</summary>
    public void Grow() => Move(new byte[Needed]);

    /// <summary>Gives back what a long frame needed. Only where <see cref="CanShrink"/>.</summary>
    public void Shrink() => Move(new byte[UsualBytes]);

    /// <summary>Forgets what is there.</summary>
    public void Clear() => (_start, _end, _toPassOver) = (0, 0, 0);

    private FrameState More()
    {
        if (_start > 0)
        {
            Move(_bytes);
        }

        return FrameState.More;
    }

    private void PassOver()
    {
        var passed = (int)Math.Min(_toPassOver, _end - _start);
        _start += passed;
        _toPassOver -= passed;
    }

    private void Move(byte[] target)
    {
        _bytes.AsSpan(_start, _end - _start).CopyTo(target);
        (_bytes, _start, _end) = (target, 0, _end - _start);
    }
}
