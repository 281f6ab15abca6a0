using Bitacora.Client;
using Bitacora.Records;
using Microsoft.Extensions.DependencyInjection;

namespace Bitacora.Extensions.Logging.Capture;

/// <summary>
/// The application's enrichers. They are made on a thread of their own, for which no log call waits: a call may come from a constructor,
/// within the container's locks, and what an enricher needs may be just what is being made.
/// </summary>
internal sealed class Enrichers(IServiceProvider? services, SelfLog selfLog)
{
    // A log call within an enricher must not ask the enricher again.
    [ThreadStatic]
    private static bool _isEnriching;

    private readonly TaskCompletionSource _found = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IRecordEnricher[]? _enrichers = MayBeThere(services) ? null : [];
    private int _isAsked;

    public void Write(Level level, string category, EntryWriter entry)
    {
        if (_enrichers is not { } enrichers)
        {
            Ask();
            return;
        }

        if (enrichers.Length == 0 || _isEnriching)
        {
            return;
        }

        _isEnriching = true;
        try
        {
            entry.BeginEnrichment();
            foreach (var enricher in enrichers)
            {
                Enrich(enricher, level, category, entry);
            }
        }
        finally
        {
            _isEnriching = false;
        }
    }

    /// <summary>Has them made, and completes when they are. Never fails.</summary>
    public Task FindAsync()
    {
        if (_enrichers is not null)
        {
            return Task.CompletedTask;
        }

        Ask();
        return _found.Task;
    }

    private static bool MayBeThere(IServiceProvider? services) =>
        services is not null && services.GetService<IServiceProviderIsService>()?.IsService(typeof(IRecordEnricher)) is not false;

    private void Enrich(IRecordEnricher enricher, Level level, string category, EntryWriter entry)
    {
        try
        {
            enricher.Enrich(new RecordEnrichment(level, category, entry));
        }
        catch (Exception failure)
        {
            entry.Fault($"the enricher {enricher.GetType().FullName}", failure);
            selfLog.Write($"The enricher {enricher.GetType().FullName} failed", failure);
        }
    }

    private void Ask()
    {
        if (Volatile.Read(ref _isAsked) != 0 || Interlocked.Exchange(ref _isAsked, 1) != 0)
        {
            return;
        }

        try
        {
            new Thread(Find) { IsBackground = true, Name = "Bitacora enrichers" }.UnsafeStart();
        }
        catch (Exception failure)
        {
            // The system has no thread left.
            GoWithout(failure);
        }
    }

    private void Find()
    {
        try
        {
            _enrichers = [.. services!.GetServices<IRecordEnricher>()];
            _found.SetResult();
        }
        catch (Exception failure)
        {
            GoWithout(failure);
        }
    }

    private void GoWithout(Exception failure)
    {
        _enrichers = [];

        // An application that ends with its first log has no more use for them.
        if (failure is not ObjectDisposedException { ObjectName: nameof(IServiceProvider) })
        {
            selfLog.Write("Records are not enriched", failure);
        }

        _found.SetResult();
    }
}
