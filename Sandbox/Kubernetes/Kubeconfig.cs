using System.Text;

namespace ClusterGrains.Sandbox.Kubernetes;

/// <summary>The file that lets kubectl and the operator in.</summary>
internal static class Kubeconfig
{
    public static string Text(string url, ServerIdentity identity) => $"""
        apiVersion: v1
        kind: Config
        current-context: sandbox
        clusters:
        - name: sandbox
          cluster:
            server: {url}
            certificate-authority-data: {Convert.ToBase64String(Encoding.UTF8.GetBytes(identity.AuthorityPem))}
        users:
        - name: sandbox
          user:
            token: {identity.Token}
        contexts:
        - name: sandbox
          context:
            cluster: sandbox
            user: sandbox
            namespace: default

        """;
}
