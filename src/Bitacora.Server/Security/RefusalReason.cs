namespace Bitacora.Server.Security;

/// <summary>Why a request was refused.</summary>
internal enum RefusalReason
{
    NoKey,
    UnknownKey,
    Scope,
    ForeignSender,
}
