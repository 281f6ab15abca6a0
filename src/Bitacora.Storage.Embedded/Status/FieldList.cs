using System.Text;
using Bitacora.Query;
using Bitacora.Records;
using Bitacora.Storage.Embedded.Engine;
using Bitacora.Storage.Embedded.Files;
using Bitacora.Storage.Embedded.MemTable;

namespace Bitacora.Storage.Embedded.Status;

/// <summary>The attributes of a range: counted by each seal for files, counted now for what is in memory.</summary>
internal sealed class FieldList(EngineDatabase engine, StoreView view, TimeRange range)
{
    public IReadOnlyList<FieldSummary> Read(CancellationToken cancellationToken)
    {
        var counts = new Dictionary<(string Name, AttributeType Type), long>();
        using (var connection = engine.Connect())
        {
            var summaries = new FileSummaries(connection);
            foreach (var file in view.Files)
            {
                cancellationToken.ThrowIfCancellationRequested();
                file.File.TryRead(FileSchema.AttributeNames, () => summaries.AddFields(file, range, counts));
            }
        }

        foreach (var buffer in view.Buffers)
        {
            foreach (var entry in buffer.Span)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Add(entry.Batch, counts);
            }
        }

        return [.. counts
            .Select(each => new FieldSummary(each.Key.Name, each.Key.Type, each.Value))
            .OrderBy(field => field.Name, StringComparer.Ordinal)
            .ThenBy(field => field.Type)];
    }

    private void Add(RecordBatch batch, Dictionary<(string Name, AttributeType Type), long> counts)
    {
        foreach (var record in batch)
        {
            if (!range.Contains(record.Time))
            {
                continue;
            }

            foreach (var attribute in record.Attributes)
            {
                var key = (Encoding.UTF8.GetString(attribute.Name), attribute.Type);
                counts[key] = counts.GetValueOrDefault(key) + 1;
            }
        }
    }
}
