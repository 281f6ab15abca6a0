using System.Globalization;
using System.Runtime.CompilerServices;
using Bitacora.Client.Entries;
using Bitacora.Records;
using CsCheck;

namespace Bitacora.Client.Tests;

public sealed class EntryTests
{
    private static readonly DateTimeOffset Time = new(2024, 5, 1, 12, 30, 5, 123, TimeSpan.Zero);

    private readonly EntryDecoder _decoder = new();

    [Fact]
    public void An_entry_of_a_killed_process_bears_its_name_and_what_is_left_of_its_exception()
    {
        var record = Decode(
            Entry(entry => entry.Exception(new InvalidOperationException("no money"))),
            new LogWriterIdentity("dead", "web-2", 4711, Time));
        (record.Source, record.Host, record.Logger, record.Level, record.Time)
            .ShouldBe(("dead", "web-2", "Shop", Level.Warning, RecordTime.From(Time)));
        record.Traceback.ShouldNotBeNull().ShouldStartWith("System.InvalidOperationException: no money\n");
        record.Traceback.ShouldContain("0x80131509");
        Attribute(record, "exception.type").ShouldBe("System.InvalidOperationException");
        Attribute(record, "process.pid").ShouldBe("4711");
    }

    [Fact]
    public void An_entry_that_was_cut_anywhere_is_decoded_as_far_as_it_goes_and_flagged()
    {
        var whole = Entry(entry =>
        {
            entry.Event(7, "Paid");
            entry.Template("order {Order} of {Customer}", TemplateStyle.Positional);
            entry.Value(4711);
            entry.Value("Ana");
            entry.BeginScope();
            entry.Value("Tenant", "north");
            entry.Trace("0123456789abcdef0123456789abcdef", "0123456789abcdef");
        });
        Decode(whole).Message.ShouldBe("order 4711 of Ana");
        for (var length = 0; length < whole.Length; length++)
        {
            var record = Decode(whole.AsSpan(0, length).ToArray());
            (record.Source, Attribute(record, "process.pid")).ShouldBe(("shop", "7"));
        }

        Attribute(Decode(whole.AsSpan(0, whole.Length - 3).ToArray()), "parse_error").ShouldNotBeNull();
        Attribute(Decode(whole.AsSpan(0, 5).ToArray()), "parse_error").ShouldNotBeNull();
    }

    [Fact]
    public void Any_bytes_make_a_record() => Gen.Byte.Array[0, 200].Sample(
        bytes =>
        {
            if (bytes.Length >= EntryHead.Size)
            {
                // Half of them with a head that is known, so that more than the head is tried.
                bytes[0] = (byte)(bytes[0] % 2 == 0 ? EntryHead.Version : bytes[0]);
                bytes[1] %= 6;
            }

            return Decode(bytes).Source == "shop";
        },
        iter: 20_000);

    [Fact]
    public void Any_byte_of_an_entry_may_be_any_other()
    {
        var whole = Entry(entry =>
        {
            entry.Template("{A} {B:F} {C:yyyy} {D}", TemplateStyle.Positional);
            entry.Value(1.5m);
            entry.Value(DayOfWeek.Friday);
            entry.Value(Time);
            entry.Value("A", (ConsoleColor)77);
            entry.Value(new object?[] { 1, "x", null });
            entry.Value("Guid", Guid.NewGuid());
            entry.Value("Day", new DateOnly(2024, 5, 1));
            entry.Value("Hour", new TimeOnly(7, 30));
            entry.Value("Local", DateTime.Now);
        });
        for (var at = 0; at < whole.Length; at++)
        {
            for (var value = 0; value < 256; value += 5)
            {
                var damaged = whole.ToArray();
                damaged[at] = (byte)value;
                Decode(damaged).Source.ShouldBe("shop");
            }
        }
    }

    [Fact]
    public void An_entry_never_has_more_bytes_than_it_may_and_keeps_the_order_of_its_values()
    {
        var bytes = Entry(
            entry =>
            {
                entry.Template("{A}|{B}|{C}", TemplateStyle.Positional);
                entry.Value(new string('x', 5000));
                entry.Value(new int[2000]);
                entry.Value(7);
                for (var i = 0; i < 100; i++)
                {
                    entry.Value(i.ToString(CultureInfo.InvariantCulture), "value");
                }
            },
            maxBytes: 1024);
        bytes.Length.ShouldBeLessThanOrEqualTo(1024);
        var record = Decode(bytes);
        Attribute(record, "truncated").ShouldBe("true");
        Attribute(record, "C").ShouldNotBe("value");
    }

    [Fact]
    public void Writers_within_writers_do_not_disturb_each_other()
    {
        using var outer = EntryWriter.TryBegin(Time, Level.Info, "Outer")!;
        outer.Template("{A}", TemplateStyle.Positional);
        using (var inner = EntryWriter.TryBegin(Time, Level.Error, "Inner")!)
        {
            inner.Message("inner");
            Decode(inner.Written.ToArray()).Message.ShouldBe("inner");
        }

        outer.Value(5);
        var record = Decode(outer.Written.ToArray());
        (record.Logger, record.Message).ShouldBe(("Outer", "5"));
    }

    [Fact]
    public void Templates_are_kept_up_to_a_limit()
    {
        var cache = new TemplateCache(100, new EntryVocabulary(new FieldNameFinder(EntryFieldNames.Default)));
        var first = cache.Get("first {A}"u8);
        cache.Get("first {A}"u8).ShouldBeSameAs(first);
        for (var i = 0; i < 10_000; i++)
        {
            cache.Get(System.Text.Encoding.UTF8.GetBytes($"template {i}")).Parsed.Holes.ShouldBeEmpty();
            cache.Count.ShouldBeLessThanOrEqualTo(100);
        }
    }

    [Fact]
    public void Texts_that_come_again_are_remembered_and_those_built_for_a_call_are_not()
    {
        var known = new KnownTexts();
        var built = new string('x', 5);
        for (var i = 0; i < 10; i++)
        {
            known.Learn("a literal", [9, 0, 0, 0]);
            known.Learn(built, [5, 0, 0, 0]);
        }

        known.Find("a literal").ShouldBe([9, 0, 0, 0]);
        known.Find(built).ShouldBeNull();
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public void A_text_that_came_once_is_not_held(int length)
    {
        var known = new KnownTexts();
        var once = Learned(known, length);
        GC.Collect();
        once.TryGetTarget(out _).ShouldBeFalse();
        GC.KeepAlive(known);

        // In a method of its own, whose variables are gone.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference<string> Learned(KnownTexts known, int length)
        {
            var text = new string('x', length);
            known.Learn(text, new byte[sizeof(int) + length]);
            known.Learn(text, new byte[sizeof(int) + length]);
            return new WeakReference<string>(text);
        }
    }

    [Fact]
    public void The_beginning_of_an_entry_is_the_same_whether_it_was_remembered_or_not()
    {
        var openings =
            from category in (string?[])["beginning one", "beginning two", null]
            from name in (string?[])[null, "event one", "event two"]
            from template in (string[])["beginning {A}", "beginning {B}"]
            from style in new[] { (0, TemplateStyle.Positional), (1, TemplateStyle.Positional), (1, TemplateStyle.Named) }
            select (category, name, template, style);
        var first = new Dictionary<(string?, string?, string, (int, TemplateStyle)), byte[]>();
        GC.Collect();
        GC.Collect();
        for (var round = 0; round < 5; round++)
        {
            foreach (var opening in openings)
            {
                var (category, name, template, (id, style)) = opening;
                using var entry = EntryWriter.TryBegin(Time, Level.Warning, category)!;
                if (id != 0 || name is not null)
                {
                    entry.Event(id, name);
                }

                entry.Template(template, style);
                entry.Value(round);
                var written = entry.Written[..^sizeof(int)].ToArray();
                first.TryAdd(opening, written);
                written.ShouldBe(first[opening]);
                var record = Decode(entry.Written.ToArray());
                (record.Logger ?? "", record.Template).ShouldBe((category ?? "", template));
            }
        }

        first.Count.ShouldBe(54);
    }

    [Fact]
    public void Of_a_name_that_comes_twice_the_first_value_is_taken_also_where_there_are_too_many_names_to_keep()
    {
        for (var i = 0; i < 255; i++)
        {
            Decode(Entry(entry => Values(entry, $"filling {i}", 16, "value"))).Attributes.Count.ShouldBe(17);
        }

        var record = Decode(Entry(entry =>
        {
            Values(entry, "twice", 100, "first");
            Values(entry, "twice", 100, "second");
        }));
        record.Attributes.Count.ShouldBe(101);
        record.Attributes.Count(pair => pair.Value.Text == "first").ShouldBe(100);

        static void Values(EntryWriter entry, string name, int count, string value)
        {
            for (var i = 0; i < count; i++)
            {
                entry.Value($"{name} {i}", value);
            }
        }
    }

    [Fact]
    public void Names_that_were_made_to_collide_are_decoded_all_the_same()
    {
        // CRC-32C is linear: texts of one length whose differences are equal collide in all of their bits.
        var names = Colliding().Take(40).ToList();
        names.Select(name => EntryVocabulary.HashOf(name)).Distinct().Count().ShouldBe(1);
        var vocabulary = new EntryVocabulary(new FieldNameFinder(EntryFieldNames.Default));
        foreach (var name in names)
        {
            vocabulary.Name(name).Text.ShouldBe(name);
        }

        names.Count(name => ReferenceEquals(vocabulary.Name(name), vocabulary.Name(name))).ShouldBe(16);
    }

    [Fact]
    public void An_event_may_come_behind_other_items()
    {
        var record = Decode(Entry(entry =>
        {
            entry.Template("{A}", TemplateStyle.Positional);
            entry.Value(1);
            entry.Event(7, "late");
        }));
        (record.Message, Attribute(record, "EventId"), Attribute(record, "EventName")).ShouldBe(("1", "7", "late"));
    }

    [Fact]
    public void However_many_texts_there_are_they_are_written_right_and_without_garbage()
    {
        var names = Enumerable.Range(0, 2_000).Select(i => string.Intern($"known name {i}")).ToArray();
        GC.Collect();
        GC.Collect();
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            using (var entry = EntryWriter.TryBegin(Time, Level.Info, "Shop")!)
            {
                foreach (var name in names)
                {
                    entry.Value(name, 1);
                }

                _ = entry.Written.Length;
            }

            // The first rounds learn.
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThanOrEqualTo(round > 2 ? 0 : 1 << 20);
        }

        var record = Decode(Entry(entry => entry.Value(names[1_999], 7)));
        Attribute(record, "known name 1999").ShouldBe("7");
    }

    [Fact]
    public void An_entry_of_the_first_version_is_read()
    {
        // Version 1, level ERROR, category "Shop", template "{A}" by position, the value 7.
        var golden = Convert.FromHexString(
            "01044B8C3B1B9B610F00" + "010400000053686F70" + "0301030000007B417D" + "050807000000");
        var record = Decode(golden);
        (record.Level, record.Logger, record.Template, record.Message).ShouldBe((Level.Error, "Shop", "{A}", "7"));
        record.Time.ShouldBe(0x0F619B1B3B8C4B);
    }

    /// <summary>Texts of sixteen bytes with one hash, of which the last four bytes make up for the others.</summary>
    private static IEnumerable<byte[]> Colliding()
    {
        var bits = Enumerable.Range(0, 32).Select(bit => (Bit: 1u << bit, Hash: HashWith(1u << bit) ^ HashWith(0))).ToList();
        for (var head = 0u; ; head++)
        {
            var text = new byte[16];
            BitConverter.TryWriteBytes(text, head);
            BitConverter.TryWriteBytes(text.AsSpan(12), Solve(bits, EntryVocabulary.HashOf(text)));
            yield return text;
        }

        static uint HashWith(uint tail)
        {
            var text = new byte[16];
            BitConverter.TryWriteBytes(text.AsSpan(12), tail);
            return EntryVocabulary.HashOf(text);
        }

        // Gauss's elimination over bits: the tail whose contribution is the wanted hash.
        static uint Solve(List<(uint Bit, uint Hash)> bits, uint wanted)
        {
            var rows = bits.ToArray();
            var tail = 0u;
            for (var bit = 0; bit < 32; bit++)
            {
                var pivot = Array.FindIndex(rows, bit, row => (row.Hash >> bit & 1) == 1);
                (rows[bit], rows[pivot]) = (rows[pivot], rows[bit]);
                for (var i = 0; i < 32; i++)
                {
                    if (i != bit && (rows[i].Hash >> bit & 1) == 1)
                    {
                        rows[i] = (rows[i].Bit ^ rows[bit].Bit, rows[i].Hash ^ rows[bit].Hash);
                    }
                }
            }

            for (var bit = 0; bit < 32; bit++)
            {
                tail ^= (wanted >> bit & 1) == 1 ? rows[bit].Bit : 0;
            }

            return tail;
        }
    }

    private static byte[] Entry(Action<EntryWriter> write, int maxBytes = EntryWriter.MaxBytes)
    {
        using var entry = EntryWriter.TryBegin(Time, Level.Warning, "Shop", maxBytes)!;
        write(entry);
        return entry.Written.ToArray();
    }

    private static string? Attribute(LogRecord record, string name) =>
        record.Attributes.FirstOrDefault(pair => pair.Key == name) is { Key: not null } found ? found.Value.Text : null;

    private LogRecord Decode(byte[] entry, LogWriterIdentity? writer = null)
    {
        var builder = new RecordBatchBuilder(default, RecordLimits.Default, TimeProvider.System);
        var origin = builder.AddOrigin(Origin.OfGeneration("x"u8));
        var record = builder.Begin();
        _decoder.Decode(entry, null, writer ?? new LogWriterIdentity("shop", "web-1", 7, Time), record);
        record.TryCommit(origin, 1).ShouldBeTrue();
        return builder.Freeze()[0].ToLogRecord();
    }
}
