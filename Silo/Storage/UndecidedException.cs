namespace ClusterGrains.Storage;

/// <summary>The answer depends on a write that is still on its way to the others; asking again in a moment tells.</summary>
internal sealed class UndecidedException(string message, Exception? cause = null) : Exception(message, cause);
