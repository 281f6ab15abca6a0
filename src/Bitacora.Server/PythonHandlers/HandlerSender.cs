namespace Bitacora.Server.PythonHandlers;

/// <summary>Who sends to an input, as the list of senders names it.</summary>
/// <param name="Client">The handler's class.</param>
/// <param name="Address">Where a connection comes from; of datagrams, which many programs send, where they arrive.</param>
internal readonly record struct HandlerSender(string Client, string Address);
