namespace ClusterGrains.Access;

/// <summary>Too much is asked about callers already. The message is for whoever asks now; nothing is wrong with the API server.</summary>
internal sealed class TurnedAwayException(string message) : Exception(message);
