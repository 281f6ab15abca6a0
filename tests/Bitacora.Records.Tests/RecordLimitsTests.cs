using System.Text;
using CsCheck;

namespace Bitacora.Records.Tests;

public class RecordLimitsTests
{
    private static readonly RecordLimits Small = new()
    {
        Text = 100,
        ShortField = 10,
        AttributeName = 15,
        AttributeValue = 50,
        Attributes = 4,
        Record = 1600,
    };

    [Fact]
    public void The_defaults_are_the_designs()
    {
        var limits = RecordLimits.Default;
        limits.Text.ShouldBe(1 << 20);
        limits.ShortField.ShouldBe(256);
        limits.AttributeName.ShouldBe(200);
        limits.AttributeValue.ShouldBe(32 << 10);
        limits.Attributes.ShouldBe(256);
        limits.Nesting.ShouldBe(16);
        limits.Record.ShouldBe(2 << 20);
        limits.FutureTolerance.ShouldBe(TimeSpan.FromMinutes(10));
        limits.Faults().ShouldBeEmpty();
    }

    [Fact]
    public void Limits_that_the_format_cannot_hold_are_refused_and_all_are_named()
    {
        var limits = new RecordLimits { ShortField = 70_000, AttributeName = 0, Record = 5 << 20, FutureTolerance = TimeSpan.MaxValue };
        limits.Faults().Count.ShouldBe(4);
        Should.Throw<ArgumentException>(() => Batches.Builder(limits)).Message.ShouldContain("ShortField is 70000");
    }

    [Fact]
    public void What_fits_exactly_is_not_flagged()
    {
        var record = Batches.Record(
            r =>
            {
                r.SetText(NamedField.Message, new string('m', 60));
                r.SetText(NamedField.Traceback, new string('t', 40));
                r.SetText(NamedField.Template, new string('p', 100));
                r.SetText(NamedField.Source, new string('s', 10));
                r.AddAttribute("123456789012345"u8, Batches.Utf8(new string('v', 50)));
                r.AddAttribute("b"u8, 1L);
                r.AddAttribute("c"u8, 1L);
                r.AddAttribute("d"u8, 1L);
                r.AddAttribute(ReservedAttributes.LevelText, "notice"u8);
            },
            Small);
        record.Attributes.Select(a => a.Key).ShouldBe(["123456789012345", "b", "c", "d", "level_text"]);
        record.Message!.Length.ShouldBe(60);
        record.Traceback!.Length.ShouldBe(40);
        record.Template!.Length.ShouldBe(100);
    }

    [Theory]
    [InlineData(200, 0, 100, 0)]
    [InlineData(0, 200, 0, 100)]
    [InlineData(200, 200, 50, 50)]
    [InlineData(200, 20, 80, 20)]
    [InlineData(30, 200, 30, 70)]
    [InlineData(60, 41, 59, 41)]
    public void Message_and_traceback_share_their_limit(int message, int traceback, int messageKept, int tracebackKept)
    {
        var record = Batches.Record(
            r =>
            {
                r.SetText(NamedField.Message, new string('m', message));
                r.SetText(NamedField.Traceback, new string('t', traceback));
            },
            Small);
        (record.Message?.Length ?? 0).ShouldBe(messageKept);
        (record.Traceback?.Length ?? 0).ShouldBe(tracebackKept);
        IsTruncated(record).ShouldBeTrue();
    }

    [Fact]
    public void Each_field_and_name_and_value_is_cut_at_a_characters_border_and_flagged()
    {
        var record = Batches.Record(r => r.SetText(NamedField.Source, "123456789é"), Small);
        record.Source.ShouldBe("123456789");
        IsTruncated(record).ShouldBeTrue();

        record = Batches.Record(r => r.AddAttribute("12345678901234é"u8, "v"u8), Small);
        record.Attributes[0].Key.ShouldBe("12345678901234");
        IsTruncated(record).ShouldBeTrue();

        record = Batches.Record(r => r.AddAttribute("a"u8, Batches.Utf8(new string('v', 47) + "😀")), Small);
        record.Attributes[0].Value.String.ShouldBe(new string('v', 47));
        IsTruncated(record).ShouldBeTrue();

        record = Batches.Record(r => r.SetText(NamedField.Message, new string('m', 99) + "é"), Small);
        record.Message.ShouldBe(new string('m', 99));
        IsTruncated(record).ShouldBeTrue();
    }

    [Fact]
    public void Attributes_beyond_the_number_are_left_out_and_reserved_ones_do_not_count()
    {
        var record = Batches.Record(
            r =>
            {
                r.AddAttribute(ReservedAttributes.ParseError, "x"u8);
                r.AddAttribute(ReservedAttributes.SeverityNumber, 9L);
                for (var i = 0; i < 300; i++)
                {
                    r.AddAttribute(Batches.Utf8($"a{i}"), i);
                }

                r.AddAttribute(ReservedAttributes.LevelText, "x"u8);
            });
        record.Attributes.Count.ShouldBe(256 + 4);
        record.Attributes.Select(a => a.Key).ShouldContain("a255");
        record.Attributes.Select(a => a.Key).ShouldNotContain("a256");
        record.Attributes.Select(a => a.Key).ShouldContain("level_text");
        IsTruncated(record).ShouldBeTrue();
    }

    [Fact]
    public void A_record_beyond_two_mebibytes_loses_from_its_longest_attributes_first()
    {
        var batch = Batches.Of(r =>
        {
            r.SetText(NamedField.Message, new string('m', 1 << 20));
            for (var i = 0; i < 100; i++)
            {
                r.AddAttribute(Batches.Utf8($"a{i}"), Batches.Utf8(new string('v', i % 2 == 0 ? 32_000 : 3_000)));
            }
        });
        batch[0].Bytes.Length.ShouldBeInRange((2 << 20) - 200, 2 << 20);
        var record = batch[0].ToLogRecord();
        record.Message!.Length.ShouldBe(1 << 20);
        record.Attributes.Count.ShouldBe(101);
        var lengths = record.Attributes.Take(100).Select(a => a.Value.String.Length).ToArray();
        lengths.Where((_, i) => i % 2 == 1).ShouldAllBe(length => length == 3_000);
        lengths.Where((_, i) => i % 2 == 0).Distinct().Count().ShouldBe(1);
        IsTruncated(record).ShouldBeTrue();
    }

    [Fact]
    public void Texts_alone_that_are_more_than_a_record_are_cut_too()
    {
        var batch = Batches.Of(r =>
        {
            r.SetText(NamedField.Message, new string('m', 2 << 20));
            r.SetText(NamedField.Template, new string('t', 2 << 20));
            r.AddAttribute("n"u8, 7L);
        });
        batch[0].Bytes.Length.ShouldBe(2 << 20);
        var record = batch[0].ToLogRecord();
        record.Message!.Length.ShouldBe(1 << 20);
        record.Attributes[0].Value.Int64.ShouldBe(7);
        IsTruncated(record).ShouldBeTrue();
    }

    [Fact]
    public void A_sender_cannot_hide_that_a_record_was_cut()
    {
        var record = Batches.Record(
            r =>
            {
                r.AddAttribute("first"u8, 1L);
                r.AddAttribute(ReservedAttributes.Truncated, "no"u8);
                r.AddAttribute("last"u8, 2L);
                r.SetText(NamedField.Message, new string('m', 101));
            },
            Small);
        record.Attributes.Select(a => $"{a.Key}={a.Value.Text}").ShouldBe(["first=1", "last=2", "truncated=true"]);
    }

    [Fact]
    public void Every_record_fits_its_limits_whatever_was_written() =>
        Gen.Select(Gen.Int[0, 300], Gen.Int[0, 300], Gen.Int[0, 300], Gen.Int[0, 120].Array[0, 12],
            Gen.OneOf("x", "é", "😀", "\u0001")).Sample(
            (message, traceback, template, values, character) =>
            {
                var limits = Small with { Text = 250, AttributeValue = 120, Attributes = 12, Record = 1800 };
                var batch = Batches.Of(
                    r =>
                    {
                        r.SetText(NamedField.Message, Repeat(character, message));
                        r.SetText(NamedField.Traceback, Repeat(character, traceback));
                        r.SetText(NamedField.Template, Repeat(character, template));
                        for (var i = 0; i < values.Length; i++)
                        {
                            r.AddAttribute(Batches.Utf8($"a{i}"), Batches.Utf8(Repeat(character, values[i])));
                        }
                    },
                    limits);
                var record = batch[0].ToLogRecord();
                batch[0].Bytes.Length.ShouldBeLessThanOrEqualTo(limits.Record);
                (batch[0].Message.Length + batch[0].Traceback.Length).ShouldBeLessThanOrEqualTo(limits.Text);
                var whole = (record.Message ?? "") == Repeat(character, message) && (record.Traceback ?? "") == Repeat(character, traceback)
                    && (record.Template ?? "") == Repeat(character, template)
                    && values.Index().All(v => record.Attributes[v.Index].Value.String == Repeat(character, v.Item));
                IsTruncated(record).ShouldBe(!whole);
            },
            iter: 3_000);

    [Fact]
    public void A_record_that_found_no_room_is_the_same_in_the_next_batch()
    {
        var builder = Batches.Builder();
        ulong position = 0;
        while (true)
        {
            var record = builder.Begin();
            record.SetTime(-5);
            record.SetText(NamedField.Message, new string('m', 1 << 20));
            record.SetText(NamedField.Template, new string('t', 1 << 20));
            if (!record.TryCommit(builder.AddOrigin(Batches.Numbers), position))
            {
                var full = builder.Freeze();
                full.Count.ShouldBe(3);
                record.TryCommit(builder.AddOrigin(Batches.Numbers), position).ShouldBeTrue();
                var next = RecordBatch.Read(builder.Freeze().Bytes);
                next[0].Bytes.Length.ShouldBe(full[0].Bytes.Length);
                next[0].Message.SequenceEqual(full[0].Message).ShouldBeTrue();
                next[0].Template.SequenceEqual(full[0].Template).ShouldBeTrue();
                next[0].AttributeCount.ShouldBe(2);
                return;
            }

            position++;
        }
    }

    private static string Repeat(string character, int count) => new StringBuilder().Insert(0, character, count).ToString();

    private static bool IsTruncated(LogRecord record) => record.Attributes.Any(a => a.Key == "truncated" && a.Value.Boolean);
}
