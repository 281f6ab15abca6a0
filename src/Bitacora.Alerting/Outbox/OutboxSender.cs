using System.Collections.Concurrent;
using System.Globalization;
using Bitacora.Alerting.Channels;
using Bitacora.Alerting.Evaluation;
using Bitacora.Records;
using Bitacora.Storage;

namespace Bitacora.Alerting.Outbox;

/// <summary>
/// Sends what waits in the rules' values and strikes it off once the receiver has it: who is killed in between sends it again. Channels
/// go side by side, within one the oldest goes first, and after a failure the rest waits with it; after some failures of the same message
/// other rules' are tried all the same. What only some of a channel's receivers have taken goes on beside it, for the others alone.
/// </summary>
internal sealed class OutboxSender(IStateStore states, ChannelList channels, TimeProvider clock, Random random)
{
    /// <summary>Failures after which a channel is a problem.</summary>
    public const int Troubling = 3;

    private const int MostFailures = 3;

    // Rules are judged between two rounds: a channel that takes its time must not hold them up.
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(20);

    // What a receiver has, though the state store could not remember it yet: it is not sent again.
    private readonly ConcurrentDictionary<(string Key, string Id, string Channel), bool> _taken = [];

    /// <summary>Sends what is due.</summary>
    /// <param name="mayGoOn">Asked before each sending; false ends it: somebody else sends.</param>
    /// <param name="cancellationToken">Gives up; what was not struck off is sent again.</param>
    public async Task<DeliveryReport> DeliverAsync(Func<CancellationToken, Task<bool>> mayGoOn, CancellationToken cancellationToken)
    {
        var waiting = await WaitingAsync(cancellationToken).ConfigureAwait(false);
        foreach (var taken in _taken.Keys.Except(waiting.Select(IdOf)))
        {
            _taken.TryRemove(taken, out _);
        }

        var lanes = waiting.GroupBy(one => one.Lane);
        var reports = await Task.WhenAll(lanes.Select(lane => DeliverAsync(lane.Key.Channel, [.. lane], mayGoOn, cancellationToken)))
            .ConfigureAwait(false);
        return new DeliveryReport(
            reports.Sum(report => report.Delivered), [.. reports.SelectMany(report => report.Problems)]);
    }

    /// <summary>Everything that waits, oldest first; what of a rule cannot be read is a problem of its judging.</summary>
    public async Task<IReadOnlyList<WaitingDelivery>> WaitingAsync(CancellationToken cancellationToken)
    {
        var entries = await states.ListAsync(RuleEvaluator.Prefix, cancellationToken).ConfigureAwait(false);
        return
        [
            .. from entry in entries
               from waiting in OutboxOf(entry)
               from pending in waiting.Pending
               orderby waiting.Raised, waiting.Notification.To
               select new WaitingDelivery(entry.Key, waiting, pending),
        ];
    }

    private async Task<DeliveryReport> DeliverAsync(
        string channel, IReadOnlyList<WaitingDelivery> waiting, Func<CancellationToken, Task<bool>> mayGoOn,
        CancellationToken cancellationToken)
    {
        var delivered = 0;
        var problems = new List<AlertProblem>();
        var failed = new HashSet<string>();
        var began = clock.GetTimestamp();
        foreach (var one in waiting.Where(one => !failed.Contains(one.Key)))
        {
            // What waits longest decides when the channel is tried again.
            var isDue = DeliverySchedule.IsDue(one.Pending.NotBefore, RecordTime.Now(clock));
            if (!isDue && delivered + failed.Count > 0)
            {
                continue;
            }

            if (!isDue || clock.GetElapsedTime(began) > Round || !await mayGoOn(cancellationToken).ConfigureAwait(false))
            {
                break;
            }

            var failure = await TrySendAsync(channel, one, cancellationToken).ConfigureAwait(false);
            var isTooOld = RecordTime.Now(clock) - one.Entry.Raised > DeliverySchedule.GivenUpAfter.Ticks;
            if (failure is null)
            {
                delivered++;
            }
            else
            {
                var last = isTooOld ? "; it is given up" : "";
                problems.Add(new AlertProblem(
                    $"channel {channel}",
                    string.Create(CultureInfo.InvariantCulture, $"attempt {one.Pending.Attempts + 1} failed: {failure.Message}{last}")));
            }

            await RememberAsync(one, failure, isTooOld).ConfigureAwait(false);
            if (failure is null || isTooOld || failure.Left is not null)
            {
                continue;
            }

            // The channel is away, or it refuses what this rule has to say: then it may take another's.
            failed.Add(one.Key);
            if (one.Pending.Attempts + 1 < Troubling || failure.RetryAfter is not null || failed.Count == MostFailures)
            {
                break;
            }
        }

        return new DeliveryReport(delivered, problems);
    }

    private static List<OutboxEntry> OutboxOf(StateEntry entry)
    {
        try
        {
            return StateValue<RuleState>.Read(entry).Outbox;
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    private static (string Key, string Id, string Channel) IdOf(WaitingDelivery one) =>
        (one.Key, one.Entry.Notification.Id, one.Pending.Channel);

    private async Task<AlertDeliveryException?> TrySendAsync(string name, WaitingDelivery one, CancellationToken cancellationToken)
    {
        if (_taken.ContainsKey(IdOf(one)))
        {
            return null;
        }

        if (channels.Find(name) is not { } channel)
        {
            return new AlertDeliveryException("there is no such channel any more");
        }

        try
        {
            await channel.SendAsync(one.Entry.Notification, one.Pending.Left, cancellationToken).ConfigureAwait(false);
            _taken[IdOf(one)] = true;
            return null;
        }
        catch (AlertDeliveryException error)
        {
            return error;
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // A fault of ours: the other channels and notifications must not suffer. Its text may hold anything.
            return new AlertDeliveryException($"it failed unexpectedly: {error.GetType().Name}", error);
        }
    }

    // Also where the server is told to stop meanwhile: what a receiver has and nobody remembers is told twice. The stores have time-outs.
    private async Task RememberAsync(WaitingDelivery sent, AlertDeliveryException? failure, bool isTooOld)
    {
        var next = failure is null
            ? 0
            : RecordTime.Now(clock) + DeliverySchedule.Wait(sent.Pending.Attempts + 1, failure.RetryAfter, random).Ticks;
        await new StateValue<RuleState>(states, sent.Key).ChangeAsync(
            state =>
            {
                var entry = state.Outbox.Find(entry => entry.Notification.Id == sent.Entry.Notification.Id);
                if (entry?.Pending.Find(pending => pending.Channel == sent.Pending.Channel) is not { } pending)
                {
                    return false;
                }

                var isGivenUp = failure is not null && (isTooOld || (failure.Left is not null && state.IsFullOfLeft(pending)));
                if (failure is not null && !isGivenUp)
                {
                    (pending.Attempts, pending.NotBefore, pending.Error) = (pending.Attempts + 1, next, failure.Message);
                    pending.Left = failure.Left ?? pending.Left;
                    return true;
                }

                state.GivenUp += isGivenUp ? 1 : 0;
                entry.Pending.Remove(pending);
                state.Outbox.RemoveAll(all => all.Pending.Count == 0);
                return true;
            },
            CancellationToken.None).ConfigureAwait(false);
    }
}
