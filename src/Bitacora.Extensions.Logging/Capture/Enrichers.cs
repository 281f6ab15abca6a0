using Bitacora.Client;
using Bitacora.Records;
using Microsoft.Extensions.DependencyInjection;

namespace Bitacora.Extensions.Logging.Capture;

/// <summary>
/// The application's enrichers. They are looked for at the first log call: at the start they might need what needs logging.
/// </summary>
internal sealed class Enrichers(IServiceProvider? services, SelfLog selfLog)
{
    // A log call within an enricher must not ask the enricher again.
    [ThreadStatic]
    private static bool _isEnriching;

    private IRecordEnricher[]? _enrichers = services is null ? [] : null;
    private int _isLooking;

    public void Write(Level level, string category, EntryWriter entry)
    {
        var enrichers = _enrichers ?? Find();
        if (enrichers.Length == 0 || _isEnriching)
        {
            return;
        }

        _isEnriching = true;
        entry.BeginEnrichment();
        foreach (var enricher in enrichers)
        {
            try
            {
                enricher.Enrich(new RecordEnrichment(level, category, entry));
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                entry.Fault($"the enricher {enricher.GetType().FullName}", failure);
                selfLog.Write($"The enricher {enricher.GetType().FullName} failed: {failure}");
            }
        }

        _isEnriching = false;
    }

    private IRecordEnricher[] Find()
    {
        // Who comes while they are being made (their own constructors may log) goes without them.
        if (Interlocked.Exchange(ref _isLooking, 1) != 0)
        {
            return [];
        }

        try
        {
            _enrichers = [.. services!.GetServices<IRecordEnricher>()];
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            selfLog.Write($"Records are not enriched: {failure}");
            _enrichers = [];
        }

        return _enrichers;
    }
}
