using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Bitacora.Server.Security;

/// <summary>
/// What a cluster had last of keys, in a file for the time when it is away: hashes, for the server's user only. One thread.
/// </summary>
internal sealed class KeyCache(string directory, ILogger logger)
{
    private readonly string _path = Path.Combine(directory, "keys.json");
    private byte[] _written = [];
    private bool _isSaid;

    /// <summary>The keys; null where there is no file, or none that can be read.</summary>
    public Dictionary<string, StoredKey>? Read()
    {
        try
        {
            if (!File.Exists(_path))
            {
                return null;
            }

            _written = File.ReadAllBytes(_path);
            var keys = JsonSerializer.Deserialize(_written, StoredKeyJson.Default.DictionaryStringStoredKey)
                ?? throw new InvalidDataException("It is null.");
            foreach (var key in keys.Values)
            {
                StoredKey.Check(key);
            }

            return keys;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidDataException)
        {
            Log.KeysUnreadable(logger, $"{_path}: {e.Message}");
            return null;
        }
    }

    /// <summary>Writes the keys unless the file has them; what cannot be written is tried again the next time.</summary>
    public void Write(Dictionary<string, StoredKey> keys)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(
            keys.OrderBy(key => key.Key, StringComparer.Ordinal).ToDictionary(), StoredKeyJson.Default.DictionaryStringStoredKey);
        if (bytes.AsSpan().SequenceEqual(_written))
        {
            return;
        }

        try
        {
            OwnerFile.Write(_path, bytes);
            (_written, _isSaid) = (bytes, false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_isSaid)
            {
                _isSaid = true;
                Log.KeysNotWritten(logger, _path, e.Message);
            }
        }
    }
}
