using Bitacora.Client.Entries;
using Bitacora.Records;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Client.Tests;

/// <summary>What a decoder has learned makes the same records as decoding item by item.</summary>
public sealed class EntryShapeTests
{
    private static readonly DateTimeOffset Time = new(2024, 5, 1, 12, 30, 5, 123, TimeSpan.Zero);
    private static readonly LogWriterIdentity Writer = new("shop", "web-1", 7, Time);

    private readonly EntryDecoder _decoder = new();

    [Fact]
    public void A_place_in_a_program_is_learned_when_it_comes_again()
    {
        for (var i = 0; i < 5; i++)
        {
            Same(Order(i, "Ana", 12.5));
        }

        _decoder.Filled.ShouldBe(3);
    }

    [Fact]
    public void Whatever_is_logged_the_records_are_the_same() => Gen.Int.Sample(AreTheSame, iter: 500);

    [Fact(Explicit = true)]
    public void Whatever_a_million_calls_log_the_records_are_the_same() => Gen.Int.Sample(AreTheSame, iter: 25_000);

    [Fact]
    public void Most_of_what_is_logged_is_filled_in()
    {
        var random = new Random(1);
        long filled = 0;
        for (var i = 0; i < 200; i++)
        {
            var place = new LogPlace(random);
            var decoder = new EntryDecoder();
            for (var n = 0; n < 50; n++)
            {
                Decode(decoder, place.Write(random));
            }

            filled += decoder.Filled;
        }

        filled.ShouldBeGreaterThan(200 * 50 / 4);
    }

    [Fact]
    public void Any_byte_of_an_entry_whose_shape_is_known_may_be_any_other()
    {
        var random = new Random(7);
        for (var i = 0; i < 10; i++)
        {
            var place = new LogPlace(random);
            var decoder = new EntryDecoder();
            var whole = place.Write(random);
            for (var n = 0; n < 5; n++)
            {
                Decode(decoder, whole);
            }

            for (var at = 0; at < whole.Length; at++)
            {
                var damaged = whole.ToArray();
                damaged[at] = (byte)random.Next(256);
                Decode(decoder, damaged).ShouldBe(Decode(new EntryDecoder(), damaged));
                var cut = whole.AsSpan(0, at).ToArray();
                Decode(decoder, cut).ShouldBe(Decode(new EntryDecoder(), cut));
            }
        }
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef", "0123456789abcdef", "0000000000000000")]
    [InlineData("0123456789abcdef0123456789abcdef", "another", "0000000000000000")]
    [InlineData("another", "0123456789abcdef", "0123456789abcdef")]
    [InlineData("", "", "")]
    public void A_scope_that_repeats_the_trace_in_one_record_and_not_in_the_next_is_told_where_it_does_not(
        string trace, string span, string parent)
    {
        string[] traces = ["0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"];
        for (var i = 0; i < 10; i++)
        {
            Same(Entry(entry =>
            {
                entry.Template("{A}", TemplateStyle.Positional);
                entry.Value(i);
                entry.BeginScope();
                entry.Value("SpanId", span);
                entry.Value("TraceId", i % 3 == 0 ? traces[i % 2] : trace);
                entry.Value("ParentId", parent);
                entry.Trace(traces[i % 2], i == 7 ? "" : "0123456789abcdef");
            }));
        }
    }

    [Fact]
    public void A_message_that_is_cut_is_cut_in_the_same_way()
    {
        var template = string.Concat(Enumerable.Repeat("{A}", 40));
        foreach (var length in (int[])[1, 2, 3, 20_000, 26_214, 26_215, 30_000])
        {
            Same(Entry(entry =>
            {
                entry.Template(template, TemplateStyle.Named);
                entry.Value("A", new string('x', length));
            }));
        }

        _decoder.Filled.ShouldBe(3);
    }

    [Theory]
    [InlineData("{A,4000}", 7)]
    [InlineData("{A,60000}", 0)]
    public void What_is_kept_of_a_place_has_a_limit_however_many_blanks_its_holes_ask_for(string template, int filled)
    {
        for (var i = 0; i < 9; i++)
        {
            Same(Entry(entry =>
            {
                entry.Template(template, TemplateStyle.Positional);
                entry.Value<string?>(null);
            }));
        }

        _decoder.Filled.ShouldBe(filled);
    }

    [Fact]
    public void Records_of_another_process_bear_its_name()
    {
        for (var i = 0; i < 5; i++)
        {
            Same(Order(i, "Ana", 12.5));
        }

        var heir = new LogWriterIdentity("dead", "web-2", 8, Time);
        for (var i = 0; i < 5; i++)
        {
            Decode(_decoder, Order(i, "Ana", 12.5), heir).ShouldBe(Decode(new EntryDecoder(), Order(i, "Ana", 12.5), heir));
        }

        Same(Order(1, "Ana", 12.5));
    }

    [Fact]
    public void Names_of_fields_that_change_while_a_shape_is_known_hold_from_the_next_record_on()
    {
        for (var i = 0; i < 5; i++)
        {
            Same(Order(i, "Ana", 12.5));
        }

        var names = new EntryFieldNames { UserId = ["Customer"] };
        _decoder.Use(names);
        for (var i = 0; i < 5; i++)
        {
            Decode(_decoder, Order(i, "Ana", 12.5)).ShouldBe(Decode(new EntryDecoder(names), Order(i, "Ana", 12.5)));
        }

        _decoder.Filled.ShouldBe(6);
    }

    [Fact]
    public void However_many_places_there_are_the_records_are_the_same()
    {
        for (var i = 0; i < 3_000; i++)
        {
            for (var n = 0; n < 3; n++)
            {
                var (place, number) = (i, n);
                Same(Entry(entry =>
                {
                    entry.Template($"place {place} {{A}}", TemplateStyle.Positional);
                    entry.Value(number);
                }));
            }
        }

        // Now and then the decoder begins anew, and has to see a place once more.
        _decoder.Filled.ShouldBeInRange(2_990, 3_000);
    }

    [Fact]
    public void Filling_in_allocates_nothing()
    {
        var entry = Order(4711, "Ana", 12.5);
        var builder = new RecordBatchBuilder(default, RecordLimits.Default, TimeProvider.System);
        var origin = builder.AddOrigin(Origin.OfGeneration("x"u8));
        Write(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        builder.Clear();
        builder.AddOrigin(Origin.OfGeneration("x"u8));
        before = GC.GetAllocatedBytesForCurrentThread() - before;
        var filling = GC.GetAllocatedBytesForCurrentThread();
        Write(100);
        (GC.GetAllocatedBytesForCurrentThread() - filling).ShouldBe(0);
        _decoder.Filled.ShouldBeGreaterThan(150);

        void Write(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var record = builder.Begin();
                _decoder.Decode(entry, null, Writer, record);
                record.TryCommit(origin, (ulong)i).ShouldBeTrue();
            }
        }
    }

    [Fact]
    public void A_decimal_of_few_places_is_written_as_the_framework_writes_it()
    {
        Gen.Long[-1_100_000_000_000, 1_100_000_000_000].Sample(number => Check(number / 1000.0), iter: 50_000);
        Gen.Double.Sample(Check, iter: 50_000);
        foreach (var number in (double[])[0, -0.0, 0.001, -0.001, 1e9, 999_999_999.999, -999_999_999.999, 1e12, double.NaN, double.Epsilon,
            double.MaxValue, double.NegativeInfinity, 0.1 + 0.2, 1.0005, 123_456_789.9995, 1e9 - 0.0004])
        {
            Check(number);
        }

        static void Check(double number)
        {
            Span<byte> utf8 = stackalloc byte[ShortDecimal.MaxLength];
            if (ShortDecimal.TryFormat(number, utf8, out var written))
            {
                System.Text.Encoding.UTF8.GetString(utf8[..written])
                    .ShouldBe(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }

    private static void AreTheSame(int seed)
    {
        var random = new Random(seed);
        var places = Enumerable.Range(0, 3).Select(_ => new LogPlace(random)).ToList();
        var decoder = new EntryDecoder();
        for (var i = 0; i < 40; i++)
        {
            var entry = places[random.Next(places.Count)].Write(random);
            Decode(decoder, entry).ShouldBe(Decode(new EntryDecoder(), entry));
        }
    }

    private static byte[] Order(int order, string customer, double elapsed) => Entry(entry =>
    {
        entry.Event(2, "Structured");
        entry.Template("order {Order} of {Customer} took {Elapsed} ms", TemplateStyle.Positional);
        entry.Value(order);
        entry.Value(customer);
        entry.Value(elapsed);
        entry.BeginScope();
        entry.Value("RequestId", $"0HN7:{order}");
    });

    private static byte[] Entry(Action<EntryWriter> write)
    {
        using var entry = EntryWriter.TryBegin(Time, Level.Warning, "Shop")!;
        write(entry);
        return entry.Written.ToArray();
    }

    private void Same(byte[] entry) => Decode(_decoder, entry).ShouldBe(Decode(new EntryDecoder(), entry));

    private static byte[] Decode(EntryDecoder decoder, byte[] entry, LogWriterIdentity? writer = null)
    {
        var builder = new RecordBatchBuilder(default, RecordLimits.Default, new FakeTimeProvider(Time));
        var origin = builder.AddOrigin(Origin.OfGeneration("x"u8));
        var record = builder.Begin();
        decoder.Decode(entry, null, writer ?? Writer, record);
        record.TryCommit(origin, 1).ShouldBeTrue();
        var batch = builder.Freeze();
        RecordBatch.Read(batch.Bytes);
        return batch.Bytes.ToArray();
    }
}
