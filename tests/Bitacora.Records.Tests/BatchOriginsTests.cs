namespace Bitacora.Records.Tests;

public class BatchOriginsTests
{
    [Fact]
    public void Origins_that_were_not_used_are_not_written_wherever_they_stand()
    {
        var origins = Enumerable.Range(0, 5).Select(i => new Origin((UInt128)(100 + i))).ToArray();
        var builder = Batches.Builder();
        foreach (var origin in origins)
        {
            builder.AddOrigin(origin);
        }

        builder.Begin().TryCommit(3, 30).ShouldBeTrue();
        builder.Begin().TryCommit(1, 10).ShouldBeTrue();
        builder.Cover(0, 5, 5);
        var batch = RecordBatch.Read(builder.Freeze().Bytes);
        batch.Origins.ToArray().ShouldBe([new(origins[1], 10, 11), new(origins[3], 30, 31)]);
        batch.Origins[batch[0].OriginIndex].Origin.ShouldBe(origins[3]);
        batch.Origins[batch[1].OriginIndex].Origin.ShouldBe(origins[1]);
        batch[0].Id.ShouldBe(Hash60.IdOf(Batches.Noon, Hash60.OfOrigin(origins[3], Batches.Sender), 30));
    }

    [Fact]
    public void Positions_without_records_are_covered_too()
    {
        var builder = Batches.Builder();
        var index = builder.AddOrigin(Batches.Numbers);
        builder.Cover(index, 3, 4);
        builder.Begin().TryCommit(index, 5).ShouldBeTrue();
        builder.Cover(index, 6, 9);
        RecordBatch.Read(builder.Freeze().Bytes).Origins.ToArray().ShouldBe([new(Batches.Numbers, 3, 9)]);
    }

    [Fact]
    public void An_origin_is_found_again_and_the_table_is_bounded()
    {
        var builder = Batches.Builder();
        for (var i = 0; i < RecordBatch.MaxOrigins; i++)
        {
            builder.AddOrigin(new Origin((UInt128)i)).ShouldBe(i);
        }

        builder.AddOrigin(new Origin(7)).ShouldBe(7);
        Should.Throw<InvalidOperationException>(() => builder.AddOrigin(new Origin(1000)));
        builder.Begin().TryCommit(254, 0).ShouldBeTrue();
        RecordBatch.Read(builder.Freeze().Bytes)[0].OriginIndex.ShouldBe(0);
    }

    [Fact]
    public void A_batch_of_the_most_origins_reads_back()
    {
        var builder = Batches.Builder();
        for (var i = 0; i < RecordBatch.MaxOrigins; i++)
        {
            builder.Begin().TryCommit(builder.AddOrigin(new Origin((UInt128)i)), 1).ShouldBeTrue();
        }

        RecordBatch.Read(builder.Freeze().Bytes).Origins.Length.ShouldBe(RecordBatch.MaxOrigins);
    }

    [Fact]
    public void A_wrong_index_or_position_is_refused_before_anything_is_written()
    {
        var builder = Batches.Builder();
        Should.Throw<ArgumentOutOfRangeException>(() => builder.Begin().TryCommit(0, 0));
        var index = builder.AddOrigin(Batches.Numbers);
        Should.Throw<ArgumentOutOfRangeException>(() => builder.Begin().TryCommit(index + 1, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => builder.Begin().TryCommit(index, ulong.MaxValue));
        builder.Count.ShouldBe(0);
        Should.Throw<InvalidOperationException>(() => builder.Freeze());
    }

    [Fact]
    public void Batches_are_bounded_in_records_and_bytes()
    {
        var builder = Batches.Builder();
        var index = builder.AddOrigin(Batches.Numbers);
        ulong count = 0;
        while (builder.Begin().TryCommit(index, count))
        {
            count++;
        }

        count.ShouldBe((ulong)RecordBatch.MaxRecords);
        RecordBatch.Read(builder.Freeze().Bytes).Count.ShouldBe(RecordBatch.MaxRecords);
        index = builder.AddOrigin(Batches.Numbers);
        for (count = 0; ; count++)
        {
            var record = builder.Begin();
            record.SetText(NamedField.Message, new string('x', 100_000));
            if (!record.TryCommit(index, count))
            {
                break;
            }
        }

        var batch = builder.Freeze();
        batch.Bytes.Length.ShouldBeInRange(RecordBatch.MaxBytes - 100_100, RecordBatch.MaxBytes);
        RecordBatch.Read(batch.Bytes).Count.ShouldBe((int)count);
    }

    [Fact]
    public void A_copied_record_is_the_same_record_in_another_batch()
    {
        var source = Batches.Of(r =>
        {
            r.Level = Level.Error;
            r.SetText(NamedField.Message, "hello");
            r.AddAttribute("a"u8, 1.5);
        });
        var builder = Batches.Builder();
        builder.AddOrigin(new Origin(1));
        builder.TryCopy(source[0], builder.AddOrigin(Batches.Numbers)).ShouldBeTrue();
        Should.Throw<ArgumentOutOfRangeException>(() => builder.TryCopy(source[0], 5));
        var copy = RecordBatch.Read(builder.Freeze().Bytes);
        copy.Count.ShouldBe(1);
        copy[0].Id.ShouldBe(source[0].Id);
        copy[0].Bytes[8..].SequenceEqual(source[0].Bytes[8..]).ShouldBeTrue();
        copy.Id.ShouldBe(source.Id);
    }
}
