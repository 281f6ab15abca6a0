namespace Bitacora.Client.Ring;

/// <summary>A ring's file was written by a newer version of the program; it is left as it is.</summary>
internal sealed class RingVersionException(string message) : Exception(message);
