namespace Bitacora.Ingestion.Pickle;

/// <summary>
/// The opcodes that Python's pickler writes into the record of a log call, protocol 1; there is no other that is read. That refuses
/// protocols 0 and 2 to 5 with all that they can do.
/// </summary>
internal static class PickleOpcode
{
    public const byte Stop = (byte)'.';
    public const byte Mark = (byte)'(';
    public const byte None = (byte)'N';
    public const byte Integer = (byte)'I';
    public const byte Long = (byte)'L';
    public const byte Integer8 = (byte)'K';
    public const byte Integer16 = (byte)'M';
    public const byte Integer32 = (byte)'J';
    public const byte Double = (byte)'G';
    public const byte Text = (byte)'X';
    public const byte ShortBytes = (byte)'U';
    public const byte Bytes = (byte)'T';
    public const byte EmptyTuple = (byte)')';
    public const byte Tuple = (byte)'t';
    public const byte EmptyList = (byte)']';
    public const byte Append = (byte)'a';
    public const byte Appends = (byte)'e';
    public const byte EmptyDictionary = (byte)'}';
    public const byte SetItem = (byte)'s';
    public const byte SetItems = (byte)'u';
    public const byte Put = (byte)'q';
    public const byte LongPut = (byte)'r';
    public const byte Get = (byte)'h';
    public const byte LongGet = (byte)'j';
    public const byte Global = (byte)'c';
    public const byte Reduce = (byte)'R';
    public const byte Build = (byte)'b';
}
