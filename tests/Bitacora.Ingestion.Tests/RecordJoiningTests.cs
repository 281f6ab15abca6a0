using System.IO.Pipelines;
using System.Text;
using Bitacora.Records;
using CsCheck;

namespace Bitacora.Ingestion.Tests;

/// <summary>Records of several lines, by a format whose lines bear the number of the process that wrote them.</summary>
public class RecordJoiningTests
{
    private static readonly LogFormat Processes = new("processes", "", "[7] LOG: text", _ => new ProcessLines());

    [Fact]
    public async Task Lines_that_go_on_are_joined_and_blank_ones_between_them_are_kept()
    {
        var reader = Reader();
        var batch = (await Read(reader, "[] LOG: a\n\tb\r\n\n\n\tc\n\n[] LOG: d\n\n")).ShouldHaveSingleItem();
        Messages(batch).ShouldBe(["0 [] LOG: a\n\tb\n\n\n\tc", "20 [] LOG: d"]);
        (reader.Lines, reader.Accepted, reader.Joined, reader.Empty, reader.Rejected).ShouldBe((8, 2, 4, 2, 0));
        batch.Origins[0].End.ShouldBe(reader.Position);
    }

    [Fact]
    public async Task Lines_of_several_processes_find_their_records()
    {
        var reader = Reader();
        var batch = (await Read(reader, """
            [7] LOG: a
            [8] LOG: b
            [7] DETAIL: of a
            	and more
            [8] DETAIL: of b
            [7] LOG: c
            [9] DETAIL: of nothing
            [8] HINT: of b
            """)).ShouldHaveSingleItem();
        Messages(batch).ShouldBe(
        [
            "0 [7] LOG: a\n[7] DETAIL: of a\n\tand more", "11 [8] LOG: b\n[8] DETAIL: of b\n[8] HINT: of b", "66 [7] LOG: c",
            "77 [9] DETAIL: of nothing",
        ]);
        (reader.Lines, reader.Accepted, reader.Joined).ShouldBe((8, 4, 4));
    }

    [Fact]
    public async Task A_record_that_was_quiet_for_long_is_complete()
    {
        var others = string.Concat(Enumerable.Range(0, 101).Select(i => $"[{i + 100}] LOG: other\n"));
        var reader = Reader();
        var records = (await Read(reader, "[7] LOG: a\n" + others + "[7] DETAIL: late\n")).SelectMany(batch => batch.Records()).ToArray();
        records.Length.ShouldBe(103);
        records[0].Message.ShouldBe("[7] LOG: a");
        records[^1].Message.ShouldBe("[7] DETAIL: late");
    }

    [Theory]
    [InlineData(5, 4 << 20)]
    [InlineData(1000, 1024)]
    public async Task A_record_takes_no_more_than_it_may_and_the_rest_is_stored_too(int lines, int bytes)
    {
        var reader = Reader(new InputSettings { MaxRecordLines = lines, MaxLineBytes = bytes, KeepBadLines = true });
        var text = "[] LOG: a\n" + string.Concat(Enumerable.Range(0, 2000).Select(i => $"\tmore {i:0000}\n"));
        var records = (await Read(reader, text)).SelectMany(batch => batch.Records()).ToArray();
        string.Join('\n', records.Select(record => record.Message)).ShouldBe(text.TrimEnd());
        records.Length.ShouldBe(lines == 5 ? 401 : 22);
        (reader.Lines, reader.Accepted + reader.Joined).ShouldBe((2001, 2001));
    }

    [Fact]
    public async Task Every_split_of_the_bytes_gives_the_same_batches_and_every_line_is_accounted_for()
    {
        var lines = Gen.Frequency(
            (6, Gen.Select(Gen.Int[1, 4], Gen.Int[0, 300]).Select((key, size) => $"[{key}] LOG: {new string('x', size)}\n")),
            (3, Gen.Int[1, 5].Select(key => $"[{key}] DETAIL: d\n")),
            (3, Gen.Const("\tgoes on\r\n")),
            (1, Gen.Const("\n")),
            (1, Gen.Const("[] LOG: alone\n")),
            (1, Gen.Const("nobody's\n")),
            (1, Gen.Int[900, 1200].Select(size => new string('y', size) + "\n")));
        var texts = Gen.Select(lines.Array[1, 80].Select(string.Concat), Gen.Bool, Gen.ULong[0, 200_000]);
        await Gen.Select(texts, Gen.Int[1, 700].Array[1, 10], Gen.Bool).SampleAsync(
            async (text, sizes, keep) =>
            {
                var settings = new InputSettings { MaxLineBytes = 1024, MaxRecordLines = 5, KeepBadLines = keep };
                var origin = new LineOrigin(default, text.Item2 ? Decoded.Offsets : Decoded.Numbers, text.Item3);
                var bytes = Encoding.UTF8.GetBytes(text.Item1);
                var (whole, cut) = (Reader(settings), Reader(settings));
                var expected = await Read(whole, new MemoryStream(bytes), origin);
                var actual = await Read(cut, new PiecemealStream(bytes, sizes), origin);
                actual.Select(b => Convert.ToHexString(b.Bytes.Span)).ShouldBe(expected.Select(b => Convert.ToHexString(b.Bytes.Span)));
                (cut.Accepted + cut.Rejected + cut.Joined + cut.Empty).ShouldBe(text.Item1.Count(c => c == '\n'));
                cut.Lines.ShouldBe(text.Item1.Count(c => c == '\n'));
                actual.Sum(batch => batch.Count).ShouldBe((int)cut.Accepted);
            },
            iter: 500);
    }

    [Fact]
    public async Task Batches_cover_the_input_without_gap_or_overlap_and_a_repeat_from_any_end_cuts_alike()
    {
        var bytes = Encoding.UTF8.GetBytes(Interleaved(600_000));
        var batches = await Read(Reader(), new MemoryStream(bytes), new(default, Decoded.Offsets));
        batches.Count.ShouldBe((bytes.Length / LineReader.BatchStride) + 1);
        for (var i = 0; i < batches.Count; i++)
        {
            var start = batches[i].Origins.ToArray().ShouldHaveSingleItem().First;
            start.ShouldBe(i == 0 ? 0 : batches[i - 1].Origins[0].End);
            var again = await Read(Reader(), new MemoryStream(bytes[(int)start..]), new(default, Decoded.Offsets, start));
            again.Select(b => Convert.ToHexString(b.Bytes.Span))
                .ShouldBe(batches.Skip(i).Select(b => Convert.ToHexString(b.Bytes.Span)));
        }

        batches[^1].Origins[0].End.ShouldBe((ulong)bytes.Length);
    }

    [Fact]
    public async Task Batches_that_are_full_before_their_stride_cover_no_line_whose_record_is_in_the_next()
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 60_000).Select(i => i % 9 == 5 ? "\tx\n" : $"[{i % 3}]L\n")));
        var reader = Reader();
        var batches = await Read(reader, new MemoryStream(bytes), new(default, Decoded.Numbers));
        batches.Count.ShouldBeGreaterThan(2);
        batches.Sum(b => b.Count).ShouldBe((int)reader.Accepted);
        foreach (var (previous, next) in batches.Zip(batches.Skip(1)))
        {
            next.Origins[0].First.ShouldBe(previous.Origins[0].End);
            next.Records().Count.ShouldBe(next.Count);
        }
    }

    [Fact]
    public async Task An_unfinished_record_of_an_input_that_trickles_waits_a_moment_and_no_longer()
    {
        var clock = Decoded.Clock;
        var pipe = new Pipe();
        var settings = new InputSettings { FlushAfter = TimeSpan.FromMilliseconds(400), JoinWithin = TimeSpan.FromSeconds(1) };
        var reader = new LineReader(InputFormat.Of(Processes, Context), settings, clock);
        var delivered = System.Threading.Channels.Channel.CreateUnbounded<RecordBatch>();
        var reading = reader.ReadAsync(pipe.Reader.AsStream(), new(default, Decoded.Numbers), (b, _) =>
            delivered.Writer.WriteAsync(b, default), CancellationToken.None);
        await pipe.Writer.WriteAsync("[] LOG: a\n\tb\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var start = clock.GetUtcNow();
        while (!delivered.Reader.TryPeek(out _))
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        (clock.GetUtcNow() - start).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
        Messages(await delivered.Reader.ReadAsync(TestContext.Current.CancellationToken)).ShouldBe(["0 [] LOG: a\n\tb"]);
        await pipe.Writer.WriteAsync("[] LOG: c\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await pipe.Writer.CompleteAsync();
        await reading;
        Messages(await delivered.Reader.ReadAsync(TestContext.Current.CancellationToken)).ShouldBe(["2 [] LOG: c"]);
    }

    [Fact]
    public async Task Joining_allocates_nothing_beside_the_batches()
    {
        var bytes = Encoding.UTF8.GetBytes(Interleaved(2_000_000));
        var reader = Reader();
        var stream = new MemoryStream(bytes);

        // The least: a collection that another test causes counts the rest of this thread's allocation context.
        var least = long.MaxValue;
        for (var round = 0; round < 6; round++)
        {
            stream.Position = 0;
            long inBatches = 0;
            var before = GC.GetAllocatedBytesForCurrentThread();
            await reader.ReadAsync(
                stream,
                new(SenderId.None, Decoded.Offsets),
                (batch, _) =>
                {
                    inBatches += batch.Bytes.Length + (sizeof(int) * batch.Count);
                    return default;
                },
                TestContext.Current.CancellationToken);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before - inBatches);
        }

        // A batch's own objects: some 200 bytes each.
        least.ShouldBeInRange(0, 8000 + (bytes.Length / LineReader.BatchStride * 300));

        reader.Joined.ShouldBeGreaterThan(1000);
    }

    private static FormatContext Context => new(TimeZoneInfo.Utc, RecordTime.ToDateTimeOffset(Decoded.Noon));

    private static string Interleaved(int length)
    {
        var text = new StringBuilder();
        for (var i = 0; text.Length < length; i++)
        {
            var key = (i * 7919 % 13) + 1;
            text.Append(i % 11 == 3 ? "\tgoes on\n" : i % 5 == 2 ? $"[{key}] DETAIL: {i}\n"
                : i % 17 == 0 ? $"[] LOG: {i}\n" : $"[{key}] LOG: {i} {new string('x', i * 31 % 400)}\n");
        }

        return text.ToString();
    }

    private static LineReader Reader(InputSettings? settings = null) =>
        new(InputFormat.Of(Processes, Context), settings ?? new InputSettings(), Decoded.Clock);

    private static Task<List<RecordBatch>> Read(LineReader reader, string text) =>
        Read(reader, new MemoryStream(Encoding.UTF8.GetBytes(text)), new(default, Decoded.Offsets));

    private static async Task<List<RecordBatch>> Read(LineReader reader, Stream stream, LineOrigin origin)
    {
        var batches = new List<RecordBatch>();
        await reader.ReadAsync(
            stream,
            origin,
            (batch, _) =>
            {
                batches.Add(RecordBatch.Read(batch.Bytes));
                return default;
            },
            CancellationToken.None);
        return batches;
    }

    private static List<string> Messages(RecordBatch batch)
    {
        var messages = new List<string>();
        foreach (var record in batch)
        {
            messages.Add($"{record.Position} {Encoding.UTF8.GetString(record.Message)}");
        }

        return messages;
    }

    private sealed class ProcessLines : IFormatDecoder
    {
        public LineRole Classify(ReadOnlySpan<byte> line, out long key)
        {
            key = 0;
            if (line[0] == '\t')
            {
                return LineRole.Continuation;
            }

            if (line[0] != '[')
            {
                return LineRole.Foreign;
            }

            key = line[1] == ']' ? 0 : long.Parse(line[1..line.IndexOf((byte)']')], null);
            return line.IndexOf("DETAIL"u8) >= 0 || line.IndexOf("HINT"u8) >= 0 ? LineRole.Part : LineRole.Start;
        }

        public LineOutcome Decode(ReadOnlySpan<byte> line, RecordWriter record)
        {
            record.SetText(NamedField.Message, line);
            return LineOutcome.Accepted;
        }
    }
}
