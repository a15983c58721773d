namespace ClusterGrains.Hosting;

/// <summary>Files are no certificate with its key. The message names them and the cure.</summary>
internal sealed class CertificateException(string message, Exception? cause = null) : Exception(message, cause);
