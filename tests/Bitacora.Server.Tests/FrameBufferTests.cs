using System.Buffers.Binary;
using Bitacora.Server.PythonHandlers;

namespace Bitacora.Server.Tests;

public class FrameBufferTests
{
    private const int MaxFrame = 100_000;

    [Fact]
    public void Frames_are_the_same_however_they_are_cut()
    {
        var random = new Random(7);
        for (var round = 0; round < 60; round++)
        {
            byte[][] frames = [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => NewFrame(random))];
            var stream = frames.SelectMany(Framed).ToArray();
            var read = new List<byte[]>();
            var tooLong = 0;
            var buffer = new FrameBuffer(MaxFrame);
            for (var at = 0; at < stream.Length;)
            {
                var count = Math.Min(Math.Min(random.Next(1, round % 2 == 0 ? 9 : 70_000), stream.Length - at), buffer.Free.Length);
                stream.AsMemory(at, count).CopyTo(buffer.Free);
                buffer.Received(count);
                at += count;
                tooLong += ReadAll(buffer, read);
            }

            buffer.IsEmpty.ShouldBeTrue();
            tooLong.ShouldBe(frames.Count(frame => frame.Length > MaxFrame));
            read.ShouldBe(frames.Where(frame => frame.Length <= MaxFrame));
        }
    }

    [Fact]
    public void A_buffer_grows_to_the_frame_that_is_announced_only_when_asked_and_shrinks_again()
    {
        var buffer = new FrameBuffer(MaxFrame);
        Put(buffer, Framed(new byte[MaxFrame])[..8]);
        buffer.Next(out _).ShouldBe(FrameState.NeedsRoom);
        buffer.Free.Length.ShouldBeLessThan(FrameBuffer.UsualBytes);
        buffer.Needed.ShouldBe(MaxFrame + 4);
        buffer.Grow();
        buffer.Next(out _).ShouldBe(FrameState.More);
        Put(buffer, new byte[MaxFrame - 4]);
        buffer.CanShrink.ShouldBeFalse();
        buffer.Next(out var frame).ShouldBe(FrameState.Frame);
        frame.Length.ShouldBe(MaxFrame);
        buffer.CanShrink.ShouldBeTrue();
        buffer.Shrink();
        buffer.Next(out _).ShouldBe(FrameState.More);
        buffer.Free.Length.ShouldBe(FrameBuffer.UsualBytes);
        buffer.CanShrink.ShouldBeFalse();
    }

    [Fact]
    public void A_text_protocol_is_foreign()
    {
        var buffer = new FrameBuffer(MaxFrame);
        Put(buffer, "GET / HTTP/1.1\r\n"u8.ToArray());
        buffer.Next(out _).ShouldBe(FrameState.Foreign);
    }

    private static int ReadAll(FrameBuffer buffer, List<byte[]> read)
    {
        var tooLong = 0;
        while (true)
        {
            switch (buffer.Next(out var frame))
            {
                case FrameState.Frame:
                    read.Add(frame.ToArray());
                    if (buffer.CanShrink)
                    {
                        buffer.Shrink();
                    }

                    break;
                case FrameState.TooLong:
                    tooLong++;
                    break;
                case FrameState.NeedsRoom:
                    buffer.Grow();
                    break;
                default:
                    buffer.Free.IsEmpty.ShouldBeFalse();
                    return tooLong;
            }
        }
    }

    private static void Put(FrameBuffer buffer, byte[] bytes)
    {
        bytes.CopyTo(buffer.Free);
        buffer.Received(bytes.Length);
    }

    private static byte[] NewFrame(Random random)
    {
        var frame = new byte[random.Next(5) switch
        {
            0 => 0,
            1 => random.Next(60_000, 150_000),
            _ => random.Next(600),
        }];
        random.NextBytes(frame);
        return frame;
    }

    private static byte[] Framed(byte[] frame)
    {
        var framed = new byte[frame.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(framed, frame.Length);
        frame.CopyTo(framed, 4);
        return framed;
    }
}
