using Bitacora.Alerting.Evaluation;
using Bitacora.Storage;

namespace Bitacora.Alerting;

/// <summary>The silences of all rules, in the state store. Thread-safe; each change is one compare-and-set.</summary>
/// <param name="states">The state store.</param>
/// <param name="clock">Says which silences are over.</param>
public sealed class Silences(IStateStore states, TimeProvider clock)
{
    /// <summary>The most silences at once, and characters of who and why.</summary>
    public const int Most = 1000;

    private readonly StateValue<SilenceList> _value = new(states, "alerts/silences");

    /// <summary>Those that are not over.</summary>
    public async Task<IReadOnlyList<Silence>> ListAsync(CancellationToken cancellationToken)
    {
        var (list, _) = await _value.LoadAsync(cancellationToken).ConfigureAwait(false);
        return [.. list.Silences.Where(silence => silence.Until > clock.GetUtcNow())];
    }

    /// <summary>Silences a rule, or all with <see cref="Silence.All"/>; another silence of the same rule is replaced.</summary>
    /// <exception cref="ArgumentException">A text is empty or longer than <see cref="Most"/>, or the end has passed.</exception>
    /// <exception cref="InvalidOperationException">There are <see cref="Most"/> already.</exception>
    public async Task<Silence> AddAsync(string rule, string by, string why, DateTimeOffset until, CancellationToken cancellationToken)
    {
        foreach (var (text, name) in new[] { (rule, nameof(rule)), (by, nameof(by)), (why, nameof(why)) })
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(text, name);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, Most, name);
        }

        var now = clock.GetUtcNow();
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(until, now);
        var added = new Silence(rule, by, why, until, now);
        await _value.ChangeAsync(
            list =>
            {
                list.Silences.RemoveAll(silence => silence.Until <= now || silence.Rule == rule);
                if (list.Silences.Count >= Most)
                {
                    throw new InvalidOperationException($"there are {Most} silences already");
                }

                list.Silences.Add(added);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return added;
    }

    /// <summary>Ends a rule's silence; false where it had none.</summary>
    public async Task<bool> RemoveAsync(string rule, CancellationToken cancellationToken)
    {
        var removed = false;
        await _value.ChangeAsync(list => removed = list.Silences.RemoveAll(silence => silence.Rule == rule) > 0, cancellationToken)
            .ConfigureAwait(false);
        return removed;
    }
}
