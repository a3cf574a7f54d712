using Shared.Contracts;
using Sync.Client;

namespace Sync.Node.Doctor;

/// <summary>Checks what a node needs, and says for each finding what to do.</summary>
internal static class DoctorCommand
{
    /// <returns>1 where something does not work.</returns>
    public static async Task<int> RunAsync(SyncClient node, RelaySyncOptions options, CancellationToken cancellationToken)
    {
        Finding[] findings =
        [
            .. StoreCheck.Run(node.Status, options, TimeProvider.System),
            .. await new RelayCheck(options, TimeProvider.System).RunAsync(cancellationToken),
        ];
        foreach (Finding finding in findings)
        {
            string mark = finding.Severity switch { Severity.Ok => "ok", Severity.Warning => "warning", _ => "FAILED" };
            Console.WriteLine(DisplayText.Format($"{mark.PadRight(8)} {finding.Subject.PadRight(10)} {finding.Detail}"));
        }

        return findings.Any(finding => finding.Severity is Severity.Failure) ? 1 : 0;
    }
}
