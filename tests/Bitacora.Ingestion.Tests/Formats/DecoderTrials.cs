using Bitacora.Records;

namespace Bitacora.Ingestion.Tests.Formats;

/// <summary>What every decoder has to stand: mutated records, and to allocate nothing.</summary>
internal static class DecoderTrials
{
    /// <summary>Mutated records are read or refused.</summary>
    /// <returns>How many were read.</returns>
    public static int ReadMutated(MutatedRecords mutations, IFormatDecoder decoder, int count, TimeProvider clock)
    {
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, clock);
        var accepted = 0;
        for (var i = 0; i < count; i++)
        {
            var text = mutations.Next();
            foreach (var range in text.Split((byte)'\n'))
            {
                if (text[range].ContainsAnyExcept(" \t\r"u8))
                {
                    decoder.Classify(text[range], out _);
                    decoder.GoesOn(text[..range.End], text[range]);
                    decoder.IsUnfinished(text[..range.End]);
                }
            }

            var record = builder.Begin();
            var outcome = decoder.Decode(text, record);
            (outcome.Reason is null).ShouldBe(outcome.IsAccepted);
            if (outcome.IsAccepted)
            {
                accepted++;
                builder.Clear();
                record.TryCommit(builder.AddOrigin(Decoded.Numbers), 0).ShouldBeTrue();
                RecordBatch.Read(builder.Freeze().Bytes).Count.ShouldBe(1);
            }
        }

        return accepted;
    }

    /// <summary>Classifying and decoding records again and again allocates nothing once buffers have grown.</summary>
    public static void AllocatesNothing(List<byte[]> records, IFormatDecoder decoder)
    {
        var builder = new RecordBatchBuilder(SenderId.None, RecordLimits.Default, Decoded.Clock);
        Decode();
        Decode();

        // A collection that another test causes counts the rest of this thread's allocation context as used: not every time.
        var least = long.MaxValue;
        for (var round = 0; round < 10 && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Decode();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        least.ShouldBe(0);

        void Decode()
        {
            for (var round = 0; round < 100; round++)
            {
                builder.Clear();
                foreach (var text in records)
                {
                    decoder.Classify(text.AsSpan(0, Math.Max(1, text.AsSpan().IndexOf((byte)'\n'))), out _);
                    decoder.Decode(text, builder.Begin());
                }
            }
        }
    }
}
