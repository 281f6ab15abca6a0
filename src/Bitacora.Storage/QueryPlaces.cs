using System.Globalization;

namespace Bitacora.Storage;

/// <summary>Limits how many queries of a store run at once, and ends each at its deadline. Thread-safe.</summary>
/// <param name="concurrent">Queries at once.</param>
/// <param name="clock">The clock of deadlines.</param>
public sealed class QueryPlaces(int concurrent, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _places = new(concurrent);

    /// <summary>Waits for a place, up to the deadline.</summary>
    /// <param name="deadline">How long the query may take, waiting included; with none left its token is cancelled at once.</param>
    /// <param name="cancellationToken">The reader goes.</param>
    /// <exception cref="QueryBusyException">No place within the deadline.</exception>
    public async Task<Place> TakeAsync(TimeSpan deadline, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var place = new Place(this, deadline, clock, cancellationToken);
        try
        {
            if (!await _places.WaitAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false))
            {
                await _places.WaitAsync(place.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            place.Forget();
            throw new QueryBusyException(string.Create(
                CultureInfo.InvariantCulture,
                $"{concurrent} queries run already and none ended within {deadline.TotalSeconds:0.###} s; try again"));
        }
        catch
        {
            place.Forget();
            throw;
        }

        return place;
    }

    /// <summary>
    /// Takes every place until disposed: no query begins meanwhile, and those that run have ended, except those that take longer than one
    /// wants to wait.
    /// </summary>
    /// <param name="patience">How long to wait for those that run.</param>
    /// <param name="cancellationToken">Nothing is taken.</param>
    public async Task<IDisposable> HoldAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var waited = new CancellationTokenSource(patience, clock);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(waited.Token, cancellationToken);

        // For all at once: what comes from now on is behind them, and what came before has its deadline.
        var waits = Enumerable.Range(0, concurrent).Select(_ => _places.WaitAsync(ends.Token)).ToArray();
        await Task.WhenAll(waits).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var held = new HeldPlaces(_places, waits.Count(wait => wait.IsCompletedSuccessfully));
        if (cancellationToken.IsCancellationRequested)
        {
            held.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
        }

        return held;
    }

    /// <summary>Takes every free place until disposed: no query begins meanwhile.</summary>
    public IDisposable Hold()
    {
        var held = 0;
        while (_places.Wait(TimeSpan.Zero))
        {
            held++;
        }

        return new HeldPlaces(_places, held);
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    /// <summary>A place; dispose it when the query has ended.</summary>
    public sealed class Place : IDisposable
    {
        private readonly QueryPlaces _owner;
        private readonly CancellationTokenSource _deadline;
        private readonly CancellationTokenSource _both;

        internal Place(QueryPlaces owner, TimeSpan deadline, TimeProvider clock, CancellationToken cancellationToken)
        {
            (_owner, Deadline) = (owner, deadline);
            _deadline = new CancellationTokenSource(deadline > TimeSpan.Zero ? deadline : Timeout.InfiniteTimeSpan, clock);
            if (deadline <= TimeSpan.Zero)
            {
                _deadline.Cancel();
            }

            _both = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token, cancellationToken);
            Token = _both.Token;
        }

        /// <summary>How long the query may take.</summary>
        public TimeSpan Deadline { get; }

        /// <summary>Cancelled at the deadline, or when the reader goes.</summary>
        public CancellationToken Token { get; }

        /// <inheritdoc/>
        public void Dispose()
        {
            Forget();
            _owner._places.Release();
        }

        internal void Forget()
        {
            _both.Dispose();
            _deadline.Dispose();
        }
    }
}
