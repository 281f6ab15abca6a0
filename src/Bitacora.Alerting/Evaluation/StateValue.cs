using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bitacora.Storage;

namespace Bitacora.Alerting.Evaluation;

/// <summary>A value in the state store as an object: read, changed, and put back if nobody else has changed it.</summary>
/// <typeparam name="T">The object; a new one stands for a key that does not exist.</typeparam>
/// <param name="store">The state store.</param>
/// <param name="key">The key.</param>
internal sealed class StateValue<T>(IStateStore store, string key)
    where T : class, IStateFormat, new()
{
    private static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        // A key of letters beyond ASCII would be stored in twice the bytes; nobody but this reads it.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <exception cref="InvalidDataException">It is damaged, or of another version of this program.</exception>
    public static T Read(StateEntry? entry)
    {
        if (entry is null)
        {
            return new T();
        }

        try
        {
            var value = JsonSerializer.Deserialize<T>(entry.Value.Span, Options) ?? throw new JsonException("there is nothing");
            var known = new T().Format;
            return value.Format == known
                ? value
                : throw new JsonException(string.Create(CultureInfo.InvariantCulture, $"its format is {value.Format}, not {known}"));
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"what is remembered as {entry.Key} cannot be read: {error.Message}", error);
        }
    }

    public static byte[] Write(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    public async Task<(T Value, long Version)> LoadAsync(CancellationToken cancellationToken)
    {
        var entry = await store.GetAsync(key, cancellationToken).ConfigureAwait(false);
        return (Read(entry), entry?.Version ?? 0);
    }

    /// <summary>The value for those who can do without: null where it cannot be read, with the reason.</summary>
    public async Task<(T? Value, string? Problem)> TryLoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return ((await LoadAsync(cancellationToken).ConfigureAwait(false)).Value, null);
        }
        catch (InvalidDataException error)
        {
            return (null, error.Message);
        }
    }

    /// <summary>False where somebody else was quicker: what was computed from the old value is void.</summary>
    public ValueTask<bool> TrySaveAsync(T value, long version, CancellationToken cancellationToken) =>
        store.TryPutAsync(key, Write(value), version, cancellationToken);

    /// <summary>Changes the value whatever others do meanwhile; the change is computed again from what they left.</summary>
    /// <param name="change">Returns false where there is nothing to change.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<T> ChangeAsync(Func<T, bool> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (value, version) = await LoadAsync(cancellationToken).ConfigureAwait(false);
            if (!change(value) || await TrySaveAsync(value, version, cancellationToken).ConfigureAwait(false))
            {
                return value;
            }
        }
    }
}
