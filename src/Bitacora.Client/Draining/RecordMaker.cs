using System.Text;
using Bitacora.Client.Ring;
using Bitacora.Records;

namespace Bitacora.Client.Draining;

/// <summary>Makes records of entries. Whatever the decoder does, each entry becomes one record.</summary>
internal sealed class RecordMaker(ILogEntryDecoder decoder, SelfLog self)
{
    /// <summary>
    /// Held by who adds: the decoder is promised one call at a time, and who adopts a ring decodes beside the drain. Taken for a batch
    /// rather than for an entry, of which there may be a million a second.
    /// </summary>
    public Lock Turn { get; } = new();

    /// <summary>Adds an entry's record to a batch that has room. In <see cref="Turn"/>.</summary>
    public void Add(RecordBatchBuilder batch, in RingEntry entry, Origin origin, LogWriterIdentity writer)
    {
        var originIndex = batch.AddOrigin(origin);
        var record = batch.Begin();
        var level = (Level)Math.Min((byte)entry.Level, (byte)Level.Critical);
        try
        {
            record.Level = level;
            if (entry.Kind == EntryKind.Gap)
            {
                GapRecord.Decode(entry.Payload, writer, record);
            }
            else
            {
                decoder.Decode(entry.Payload, entry.Exception, writer, record);
            }
        }
        catch (Exception e)
        {
            self.Say("decode", $"an entry could not be decoded: {e.GetType().Name}: {e.Message}");
            record = batch.Begin();
            record.Level = level;
            record.SetText(NamedField.Source, writer.Source);
            record.SetText(NamedField.Host, writer.Host);
            record.SetText(NamedField.Message, "A log could not be decoded.");
            record.AddAttribute(ReservedAttributes.ParseError, Encoding.UTF8.GetBytes(e.GetType().Name));
        }

        if (!record.TryCommit(originIndex, entry.Number))
        {
            throw new InvalidOperationException("A batch is cut before it is full.");
        }
    }
}
