using Microsoft.Extensions.Time.Testing;

namespace Bitacora.Records.Tests;

public class RecordWriterTests
{
    [Fact]
    public void A_record_without_anything_is_INFO_of_an_application_at_arrival()
    {
        var record = Batches.Record(_ => { });
        record.Level.ShouldBe(Level.Info);
        record.Layer.ShouldBe(Layer.Application);
        record.Time.ShouldBe(Batches.Noon);
        record.Message.ShouldBeNull();
        record.DurationMs.ShouldBeNull();
        record.Attributes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(-1L, "1969-12-31T23:59:59.9999999Z")]
    [InlineData(-315619200_0000000L, "1960-01-01T00:00:00.0000000Z")]
    [InlineData(Batches.Noon + 600_0000001L, "2024-05-01T12:40:05.1234568Z")]
    [InlineData(4102444800_0000000L, "2100-01-01T00:00:00.0000000Z")]
    [InlineData(long.MaxValue, "9999-12-31T23:59:59.9999999Z")]
    [InlineData(long.MinValue, "0001-01-01T00:00:00.0000000Z")]
    public void A_time_that_cannot_be_becomes_arrival_and_stays_as_original_time(long time, string original)
    {
        var record = Batches.Record(r =>
        {
            r.AddAttribute(ReservedAttributes.OriginalTime, "a sender's own"u8);
            r.SetTime(time);
        });
        record.Time.ShouldBe(Batches.Noon);
        record.Attributes.ShouldHaveSingleItem().ShouldBe(new("original_time", AttributeValue.From(original)));
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    [InlineData(Batches.Noon)]
    [InlineData(Batches.Noon + 600_0000000L)]
    public void Old_times_and_those_within_ten_minutes_are_kept(long time)
    {
        var record = Batches.Record(r => r.SetTime(time));
        record.Time.ShouldBe(time);
        record.Attributes.ShouldBeEmpty();
    }

    [Fact]
    public void The_first_value_of_everything_wins()
    {
        var record = Batches.Record(r =>
        {
            for (var i = 1; i <= 2; i++)
            {
                r.SetTime(i);
                r.SetDuration(i);
                r.SetText(NamedField.Message, "");
                r.SetText(NamedField.Message, $"m{i}");
                r.SetText(NamedField.SpanId, Batches.Utf8($"s{i}"));
                r.AddAttribute("a"u8, i);
                r.AddAttribute("a"u8, Batches.Utf8($"{i}"));
                r.AddAttribute(""u8, i);
            }
        });
        record.Time.ShouldBe(1);
        record.DurationMs.ShouldBe(1);
        record.Message.ShouldBe("m1");
        record.SpanId.ShouldBe("s1");
        record.Attributes.ShouldHaveSingleItem().Value.ShouldBe(AttributeValue.From(1L));
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_and_lone_surrogates_become_replacement_characters()
    {
        byte[] broken = [(byte)'a', 0xFF, 0xC3, (byte)'b', 0xED, 0xA0, 0x80, 0xF0, 0x9F, 0x98];
        var record = Batches.Record(r =>
        {
            r.SetText(NamedField.Message, broken);
            r.SetText(NamedField.Source, "x\uD800y\uDC00");
            r.AddAttribute(broken.AsSpan(0, 2), broken);
        });
        record.Message.ShouldBe("a\uFFFD\uFFFDb\uFFFD\uFFFD\uFFFD\uFFFD");
        record.Source.ShouldBe("x\uFFFDy\uFFFD");
        record.Attributes[0].Key.ShouldBe("a\uFFFD");
        record.Attributes[0].Value.String.ShouldBe(record.Message);
    }

    [Fact]
    public void NULs_and_escape_sequences_are_kept() =>
        Batches.Record(r => r.SetText(NamedField.Message, "\0\u001b[31mred\u0085")).Message.ShouldBe("\0\u001b[31mred\u0085");

    [Fact]
    public void A_record_begun_and_not_committed_leaves_nothing()
    {
        var builder = Batches.Builder();
        var index = builder.AddOrigin(Batches.Numbers);
        var record = builder.Begin();
        record.Level = Level.Error;
        record.SetText(NamedField.Message, "gone");
        record.AddAttribute("a"u8, true);
        record = builder.Begin();
        record.TryCommit(index, 0).ShouldBeTrue();
        var read = builder.Freeze()[0].ToLogRecord();
        read.Level.ShouldBe(Level.Info);
        read.Message.ShouldBeNull();
        read.Attributes.ShouldBeEmpty();
    }

    [Fact]
    public void Arrival_is_taken_anew_for_each_batch_also_when_it_begins_with_a_record_that_found_no_room()
    {
        var clock = new FakeTimeProvider(RecordTime.ToDateTimeOffset(Batches.Noon));
        var builder = Batches.Builder(clock: clock);
        for (ulong position = 0; position <= RecordBatch.MaxRecords; position++)
        {
            var record = builder.Begin();
            if (!record.TryCommit(builder.AddOrigin(Batches.Numbers), position))
            {
                builder.Freeze().MaxTime.ShouldBe(Batches.Noon);
                clock.Advance(TimeSpan.FromSeconds(1));
                record.TryCommit(builder.AddOrigin(Batches.Numbers), position).ShouldBeTrue();
            }
        }

        builder.Begin().TryCommit(0, 20_000).ShouldBeTrue();
        var batch = builder.Freeze();
        batch.Count.ShouldBe(2);
        batch[1].Time.ShouldBe(Batches.Noon + RecordTime.Second);
    }
}
