using System.CommandLine;

namespace Relay.Server.Cli.Audit;

/// <summary><c>relay audit</c>: who changed what at a relay, and whether the record of it is whole.</summary>
internal static class AuditCommand
{
    public static Command Create() => new("audit", "Shows, exports and verifies the audit log of a relay.")
    {
        AuditListCommand.Create(), AuditExportCommand.Create(), AuditVerifyCommand.Create(),
    };
}
