namespace ClusterGrains.Transfer;

/// <summary>A file or a storage is not what it must be. One line for the user: what, which value, and the cure.</summary>
internal sealed class TransferException(string message, Exception? cause = null) : Exception(message, cause);
