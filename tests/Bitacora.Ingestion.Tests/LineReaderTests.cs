using System.IO.Pipelines;
using System.Text;
using Bitacora.Records;
using CsCheck;

namespace Bitacora.Ingestion.Tests;

public class LineReaderTests
{
    [Fact]
    public async Task Lines_become_records_in_order_with_their_positions()
    {
        var reader = Reader();
        var batches = await Read(reader, "{\"msg\":\"a\"}\n\n{\"msg\":\"b\"}\r\nbroken\n{\"msg\":\"c\"}",
            new(new SenderId(7), Decoded.Numbers, 100));
        var batch = batches.ShouldHaveSingleItem();
        batch.Sender.ShouldBe(new SenderId(7));
        Messages(batch).ShouldBe(["100 a", "102 b", "104 c"]);
        batch.Origins.ToArray().ShouldBe([new(Decoded.Numbers, 100, 105)]);
        (reader.Lines, reader.Accepted, reader.Rejected, reader.Position).ShouldBe((5, 3, 1, 105UL));
        reader.Errors.ShouldBe([new(4, "not a JSON object (byte 1)")]);
    }

    [Fact]
    public async Task Byte_offsets_are_those_of_the_lines()
    {
        var reader = Reader();
        var batches = await Read(reader, "\uFEFF{\"msg\":\"a\"}\n\n{\"msg\":\"é\"}\r\nbroken\n{\"msg\":\"c\"}\n",
            new(default, Decoded.Offsets, 1000));
        Messages(batches.ShouldHaveSingleItem()).ShouldBe(["1000 a", "1016 é", "1037 c"]);
        batches[0].Origins.ToArray().ShouldBe([new(Decoded.Offsets, 1000, 1049)]);
        reader.Position.ShouldBe(1049UL);
    }

    [Fact]
    public async Task Nothing_gives_no_batch()
    {
        foreach (var text in new[] { "", "\n", " \r\n\n", "\uFEFF" })
        {
            var reader = Reader();
            (await Read(reader, text, Numbered)).ShouldBeEmpty();
            (reader.Accepted, reader.Rejected).ShouldBe((0, 0));
        }
    }

    [Fact]
    public async Task Bad_lines_are_kept_where_the_input_says_so()
    {
        var reader = Reader(new InputSettings
        {
            KeepBadLines = true,
            DefaultSource = "app",
            DefaultHost = "box",
            Layer = Layer.Infrastructure
        });
        var batches = await Read(reader, "plain text\u001b[31m\n{\"msg\":\"x\",\"source\":\"own\"}\n", Numbered);
        var records = batches[0].Records();
        Decoded.Show(records[0]).ShouldBe(
            "layer=infrastructure source=app host=box message=plain text\u001b[31m parse_error:'not a JSON object (byte 1)'");
        Decoded.Show(records[1]).ShouldBe("layer=infrastructure source=own host=box message=x");
        (reader.Accepted, reader.Rejected, reader.Undecoded).ShouldBe((2, 0, 1));
        reader.Errors.ShouldHaveSingleItem().Line.ShouldBe(1);
    }

    [Fact]
    public async Task A_source_that_is_set_wins_over_the_senders()
    {
        var batches = await Read(Reader(new InputSettings { Source = "mine", DefaultSource = "app" }), "{\"source\":\"theirs\"}", Numbered);
        batches[0].Records()[0].Source.ShouldBe("mine");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_line_that_is_too_long_is_named_and_its_neighbours_are_stored(bool keep)
    {
        var settings = new InputSettings { MaxLineBytes = 2000, KeepBadLines = keep };
        foreach (var length in new[] { 2001, 5000, 3_000_000 })
        {
            var reader = Reader(settings);
            var text = "{\"msg\":\"a\"}\n" + new string('x', length) + "\n{\"msg\":\"b\"}\n" + new string('y', length);
            var records = (await Read(reader, text, new(default, Decoded.Offsets))).SelectMany(b => b.Records()).ToArray();
            if (keep)
            {
                records.Select(r => r.Message).ShouldBe(["a", new string('x', 2000), "b", new string('y', 2000)]);
                Decoded.Show(records[1]).ShouldEndWith(
                    "parse_error:'the line has more than 2000 bytes' truncated:true");
            }
            else
            {
                records.Select(r => r.Message).ShouldBe(["a", "b"]);
                reader.Rejected.ShouldBe(2);
            }

            reader.Errors.Select(e => e.Line).ShouldBe([2L, 4L]);
            reader.Position.ShouldBe((ulong)Encoding.UTF8.GetByteCount(text));
            reader.Lines.ShouldBe(4);
        }
    }

    [Fact]
    public async Task A_hole_of_zeros_before_a_line_is_stepped_over_and_counted_whatever_the_pieces()
    {
        byte[] text = [.. "a\n"u8, .. new byte[5000], .. "b\n"u8, .. new byte[8], .. "c\n"u8, .. new byte[12]];
        foreach (var size in new[] { 1, 7, 1000, 6000 })
        {
            var reader = new LineReader(Plain, new InputSettings { MaxLineBytes = 1024 }, Decoded.Clock);
            var records = (await Read(reader, new PiecemealStream(text, [size]), new(default, Decoded.Offsets))).SelectMany(Messages);
            records.ShouldBe(["0 a", "5002 b", "5004 " + new string('\0', 8) + "c"]);
            (reader.Zeros, reader.Lines, reader.Position).ShouldBe((5012, 3, (ulong)text.Length));
        }
    }

    [Fact]
    public async Task Records_with_bytes_that_are_not_UTF_8_are_counted()
    {
        var reader = new LineReader(Plain, new InputSettings(), Decoded.Clock);
        var latin1 = new MemoryStream([(byte)'c', 0xE9, (byte)'\n', (byte)'d', (byte)'\n']);
        var batch = (await Read(reader, latin1, Numbered)).ShouldHaveSingleItem();
        Messages(batch).ShouldBe(["0 c\uFFFD", "1 d"]);
        reader.NotUtf8.ShouldBe(1);
    }

    [Fact]
    public async Task A_line_without_end_takes_no_more_memory_than_the_longest_line()
    {
        var reader = Reader();
        var piece = Enumerable.Repeat((byte)'x', 1 << 20).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        await Read(reader, new PiecemealStream(piece, [piece.Length], times: 64), Numbered);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(48 << 20);
        reader.Position.ShouldBe(1UL);
        reader.Rejected.ShouldBe(1);
    }

    [Fact]
    public async Task A_line_of_exactly_the_longest_length_is_read()
    {
        var reader = Reader(new InputSettings { MaxLineBytes = 2000 });
        var line = "{\"msg\":\"" + new string('m', 1990) + "\"}";
        line.Length.ShouldBe(2000);
        (await Read(reader, line + "\n" + line, Numbered))[0].Count.ShouldBe(2);
        reader.Rejected.ShouldBe(0);
    }

    [Fact]
    public async Task Of_the_errors_the_first_hundred_are_kept_and_all_are_counted()
    {
        var reader = Reader();
        await Read(reader, string.Concat(Enumerable.Repeat("x\n", 5000)), Numbered);
        reader.Rejected.ShouldBe(5000);
        reader.Errors.Count.ShouldBe(100);
    }

    [Fact]
    public async Task Every_split_of_the_bytes_and_none_gives_the_same_batches()
    {
        var pieces = Gen.Select(Gen.Int[1, 12], Gen.Int[0, 3]).Select(
            (size, kind) => kind switch
            {
                0 => "{\"msg\":\"" + new string('é', size * 40) + "\"}\n",
                1 => new string('x', size * 300) + "\n",
                2 => "\r\n",
                _ => "{\"a\":" + size + "}\n",
            });
        var texts = Gen.Select(pieces.Array[1, 60].Select(string.Concat), Gen.Bool, Gen.ULong[0, 200_000]);
        await Gen.Select(texts, Gen.Int[1, 700].Array[1, 10], Gen.Bool).SampleAsync(
            async (text, sizes, keep) =>
            {
                var settings = new InputSettings { MaxLineBytes = 1024, KeepBadLines = keep };
                var origin = new LineOrigin(default, text.Item2 ? Decoded.Offsets : Decoded.Numbers, text.Item3);
                var bytes = Encoding.UTF8.GetBytes(text.Item1);
                var (whole, cut) = (Reader(settings), Reader(settings));
                var expected = await Read(whole, new MemoryStream(bytes), origin);
                var actual = await Read(cut, new PiecemealStream(bytes, sizes), origin);
                actual.Select(b => Convert.ToHexString(b.Bytes.Span)).ShouldBe(expected.Select(b => Convert.ToHexString(b.Bytes.Span)));
                var (lying, lain) = (Reader(settings), new List<RecordBatch>());
                lying.Read(bytes, origin, lain.Add);
                lain.Select(b => Convert.ToHexString(b.Bytes.Span)).ShouldBe(expected.Select(b => Convert.ToHexString(b.Bytes.Span)));
                (lying.Lines, lying.Accepted, lying.Rejected, lying.Position)
                    .ShouldBe((whole.Lines, whole.Accepted, whole.Rejected, whole.Position));
                cut.Errors.ShouldBe(whole.Errors);
                (cut.Lines, cut.Accepted, cut.Rejected, cut.Position)
                    .ShouldBe((whole.Lines, whole.Accepted, whole.Rejected, whole.Position));
                if (origin.Origin.IsByteOffsets)
                {
                    cut.Position.ShouldBe(origin.FirstPosition + (ulong)bytes.Length);
                }
            },
            iter: 500);
    }

    [Fact]
    public async Task A_batch_of_offsets_ends_at_each_stride_and_a_repeat_from_any_end_cuts_alike()
    {
        var text = new StringBuilder();
        for (var i = 0; text.Length < 400_000; i++)
        {
            text.Append(i % 50 == 0 ? "broken " + i + "\n" : $$"""{"msg":"line {{i}} {{new string('x', i * 7919 % 3000)}}"}""" + "\n");
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        var batches = await Read(Reader(), new MemoryStream(bytes), new(default, Decoded.Offsets));
        batches.Count.ShouldBe((bytes.Length / LineReader.BatchStride) + 1);
        foreach (var (previous, next) in batches.Zip(batches.Skip(1)))
        {
            var end = previous.Origins[0].End;
            next.Origins[0].First.ShouldBe(end);
            (end % LineReader.BatchStride).ShouldBeLessThan(3100UL);
            bytes[end - 1].ShouldBe((byte)'\n');
        }

        for (var i = 0; i < batches.Count; i++)
        {
            var start = batches[i].Origins[0].First;
            var again = await Read(Reader(), new MemoryStream(bytes[(int)start..]), new(default, Decoded.Offsets, start));
            again.Select(b => b.Id).ShouldBe(batches.Skip(i).Select(b => b.Id));
        }
    }

    [Fact]
    public async Task Batches_that_are_full_before_their_stride_also_repeat_alike()
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{}\n", 80_000)));
        var batches = await Read(Reader(), new MemoryStream(bytes), new(default, Decoded.Offsets));
        batches.Sum(b => b.Count).ShouldBe(80_000);
        batches[0].Count.ShouldBe(RecordBatch.MaxRecords);
        var start = batches[1].Origins[0].First;
        var again = await Read(Reader(), new MemoryStream(bytes[(int)start..]), new(default, Decoded.Offsets, start));
        again.Select(b => b.Id).ShouldBe(batches.Skip(1).Select(b => b.Id));
    }

    [Fact]
    public async Task Input_that_trickles_is_delivered_when_it_waits_long_enough()
    {
        var clock = Decoded.Clock;
        var pipe = new Pipe();
        var reader = new LineReader(new JsonLineDecoder(), new InputSettings { FlushAfter = TimeSpan.FromSeconds(1) }, clock);
        var delivered = System.Threading.Channels.Channel.CreateUnbounded<RecordBatch>();
        var reading = reader.ReadAsync(pipe.Reader.AsStream(), Numbered, (b, _) =>
            delivered.Writer.WriteAsync(b, default), CancellationToken.None);
        await pipe.Writer.WriteAsync("{\"msg\":\"a\"}\n{\"msg\":"u8.ToArray(), TestContext.Current.CancellationToken);
        while (!delivered.Reader.TryPeek(out _))
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        (await delivered.Reader.ReadAsync(TestContext.Current.CancellationToken)).Count.ShouldBe(1);
        await pipe.Writer.WriteAsync("\"b\"}\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await pipe.Writer.CompleteAsync();
        await reading;
        Messages(await delivered.Reader.ReadAsync(TestContext.Current.CancellationToken)).ShouldBe(["1 b"]);
    }

    [Fact]
    public async Task A_failing_input_leaves_the_counters_and_what_was_delivered()
    {
        var reader = Reader();
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{}\n", 20_000)));
        var delivered = new List<RecordBatch>();
        await Should.ThrowAsync<InvalidDataException>(() => reader.ReadAsync(
            new PiecemealStream(bytes, [1000], new InvalidDataException("cut")),
            Numbered,
            (batch, _) =>
            {
                delivered.Add(batch);
                return default;
            },
            CancellationToken.None));
        delivered.ShouldHaveSingleItem().Count.ShouldBe(RecordBatch.MaxRecords);
        reader.Accepted.ShouldBe(20_000);
        Messages((await Read(reader, "{\"msg\":\"next\"}", Numbered)).ShouldHaveSingleItem()).ShouldBe(["0 next"]);
    }

    [Fact]
    public async Task Positions_beyond_the_sequences_are_refused() =>
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => Read(Reader(), "{}", new(default, Decoded.Numbers, ulong.MaxValue)));

    private static InputFormat Plain => InputFormat.Of(LogFormats.Plain, new FormatContext(TimeZoneInfo.Utc, DateTimeOffset.UnixEpoch));

    private static LineOrigin Numbered => new(default, Decoded.Numbers);

    private static LineReader Reader(InputSettings? settings = null) =>
        new(new JsonLineDecoder(), settings ?? new InputSettings(), Decoded.Clock);

    private static Task<List<RecordBatch>> Read(LineReader reader, string text, LineOrigin origin) =>
        Read(reader, new MemoryStream(Encoding.UTF8.GetBytes(text)), origin);

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
}
