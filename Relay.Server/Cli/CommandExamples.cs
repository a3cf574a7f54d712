using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Relay.Server.Cli;

/// <summary>One real command for the help of each command. A test parses them all, so that none names an option that is gone.</summary>
internal static class CommandExamples
{
    private static readonly Dictionary<string, string> Examples = new(StringComparer.Ordinal)
    {
        ["relay"] = "relay train fraud.json --train fraud.csv",
        ["relay serve"] = "relay serve --data /var/lib/relay --name relay.example.com --datasets /srv/datasets",
        ["relay config"] = "relay config --config relay.json",
        ["relay spec"] = "relay spec draft fraud.csv --label outcome --output fraud.json",
        ["relay spec draft"] = "relay spec draft fraud.csv --label outcome --output fraud.json",
        ["relay spec check"] = "relay spec check fraud.json --train fraud.csv",
        ["relay train"] = "relay train fraud.json --train fraud.csv",
        ["relay runs"] = "relay runs list --state running",
        ["relay runs list"] = "relay runs list --model fraud --state failed --since 2026-01-31T12:00:00Z",
        ["relay runs show"] = "relay runs show 17",
        ["relay runs log"] = "relay runs log 17 --follow",
        ["relay runs cancel"] = "relay runs cancel 17",
        ["relay runs delete"] = "relay runs delete 17 18",
        ["relay recipe"] = "relay recipe write threat-classifier recipes/threat",
        ["relay recipe list"] = "relay recipe list",
        ["relay recipe show"] = "relay recipe show threat-classifier",
        ["relay recipe write"] = "relay recipe write ip-reputation recipes/ip --bad today.txt --older last-month.txt --known search-engines=bots.txt",
        ["relay federate"] = "relay federate key hospital-a.pem",
        ["relay federate key"] = "relay federate key hospital-a.pem",
        ["relay federate texts"] = "relay federate texts sepsis.json --train rows.csv --output texts.json",
        ["relay federate plan"] =
            "relay federate plan sepsis.json --owner a=KEY-A --owner b=KEY-B --owner c=KEY-C --test held-out.csv --output round.json",
        ["relay federate coordinate"] = "relay federate coordinate round.json --name coordinator.example.com",
        ["relay federate join"] =
            "relay federate join round.json --coordinator https://coordinator.example.com:60002 --ca ca.pem --key hospital-a.pem "
            + "--train rows.csv --test held-out.csv --output sepsis.onnx",
        ["relay import"] = "relay import model.json --model fraud --test held-out.csv",
        ["relay reproduce"] = "relay reproduce fraud 3 --train fraud.csv",
        ["relay card"] = "relay card fraud 3 --output fraud-3.html",
        ["relay download"] = "relay download fraud@3 fraud-3",
        ["relay alias"] = "relay alias set fraud@3 champion",
        ["relay alias set"] = "relay alias set fraud@challenger champion",
        ["relay alias list"] = "relay alias list fraud",
        ["relay alias history"] = "relay alias history fraud champion",
        ["relay alias delete"] = "relay alias delete fraud challenger",
        ["relay model"] = "relay model list",
        ["relay model list"] = "relay model list --tag team=payments --archived all",
        ["relay model versions"] = "relay model versions fraud --tag stage=trial",
        ["relay model archive"] = "relay model archive fraud",
        ["relay model restore"] = "relay model restore fraud",
        ["relay version"] = "relay version bom fraud@3",
        ["relay version bom"] = "relay version bom fraud@champion --output fraud.cdx.json",
        ["relay version delete"] = "relay version delete fraud@3 fraud@4",
        ["relay tag"] = "relay tag set fraud@3 stage=trial",
        ["relay tag set"] = "relay tag set fraud@3 stage=trial reviewed-by=ada",
        ["relay tag list"] = "relay tag list fraud@champion",
        ["relay tag delete"] = "relay tag delete fraud@3 stage",
        ["relay note"] = "relay note set fraud@3 --text \"Trained without the rows of March.\"",
        ["relay note set"] = "relay note set fraud@3 --file note.md",
        ["relay note show"] = "relay note show fraud@3",
        ["relay note delete"] = "relay note delete fraud@3",
        ["relay compare"] = "relay compare fraud@3 fraud@champion",
        ["relay dataset"] = "relay dataset upload requests rows.csv",
        ["relay dataset create"] = "relay dataset create requests.json",
        ["relay dataset update"] = "relay dataset update requests.json",
        ["relay dataset list"] = "relay dataset list --json",
        ["relay dataset show"] = "relay dataset show requests",
        ["relay dataset upload"] = "relay dataset upload requests rows.csv",
        ["relay dataset label"] = "relay dataset label requests labels.csv",
        ["relay dataset export"] = "relay dataset export requests --output requests.parquet",
        ["relay dataset forget"] = "relay dataset forget requests 7f3a-0001 7f3a-0002",
        ["relay dataset delete"] = "relay dataset delete requests",
        ["relay trigger"] = "relay trigger create fraud --dataset requests --daily 03:00",
        ["relay trigger create"] = "relay trigger create fraud --dataset requests --new-samples 10000",
        ["relay trigger list"] = "relay trigger list",
        ["relay trigger pause"] = "relay trigger pause 2",
        ["relay trigger resume"] = "relay trigger resume 2",
        ["relay trigger delete"] = "relay trigger delete 2",
        ["relay webhook"] = "relay webhook create https://ops.example.com/relay --event rollout.halted --name ops",
        ["relay webhook create"] =
            "relay webhook create https://ops.example.com/relay --event rollout.halted --event training_run.failed --name ops",
        ["relay webhook list"] = "relay webhook list",
        ["relay webhook pause"] = "relay webhook pause 2",
        ["relay webhook resume"] = "relay webhook resume 2",
        ["relay webhook test"] = "relay webhook test 2",
        ["relay webhook delete"] = "relay webhook delete 2",
        ["relay publish"] = "relay publish fraud@3 --channel stable",
        ["relay rollout"] = "relay rollout start fraud@3 --stages 1,10,50,100",
        ["relay rollout start"] = "relay rollout start fraud@3 --stages 1,10,50,100",
        ["relay rollout status"] = "relay rollout status 5",
        ["relay rollout pause"] = "relay rollout pause 5",
        ["relay rollout resume"] = "relay rollout resume 5",
        ["relay rollout skip"] = "relay rollout skip 5",
        ["relay rollout halt"] = "relay rollout halt 5",
        ["relay rollout history"] = "relay rollout history 5",
        ["relay revoke"] = "relay revoke fraud 3 --reason \"trained on rows with wrong labels\"",
        ["relay status"] = "relay status --relay https://relay.example.com:60002",
        ["relay health"] = "relay health --port 60002",
        ["relay nodes"] = "relay nodes list",
        ["relay nodes list"] = "relay nodes list",
        ["relay nodes bom"] = "relay nodes bom edge-17 --output edge-17.cdx.json",
        ["relay nodes remove"] = "relay nodes remove --not-seen-for 720",
        ["relay nodes ban"] = "relay nodes ban edge-17",
        ["relay nodes unban"] = "relay nodes unban edge-17",
        ["relay enroll-token"] = "relay enroll-token --name berlin --uses 20 --expires 2",
        ["relay enroll-token list"] = "relay enroll-token list",
        ["relay enroll-token revoke"] = "relay enroll-token revoke 4",
        ["relay fleet"] = "relay fleet --hours 72",
        ["relay fleet adoption"] = "relay fleet adoption --channel stable --from 2026-01-01",
        ["relay history"] = "relay history edge-17 --at 2026-01-31T12:00:00Z --out evidence",
        ["relay verify-history"] = "relay verify-history evidence --root root.json",
        ["relay audit"] = "relay audit list --action revoke",
        ["relay audit list"] = "relay audit list --since 2026-01-31T12:00:00Z --action revoke",
        ["relay audit export"] = "relay audit export audit-2026-01",
        ["relay audit verify"] = "relay audit verify audit-2026-02 --head audit-2026-01",
        ["relay channel"] = "relay channel list",
        ["relay channel list"] = "relay channel list --json",
        ["relay channel delete"] = "relay channel delete trial",
        ["relay mirror"] = "relay mirror /srv/www/relay --relay https://relay.example.com:60002 --ca ca.pem --api-key-file mirror.key",
        ["relay bundle"] = "relay bundle export --channel stable --out stable.bundle",
        ["relay bundle export"] = "relay bundle export --channel stable --out stable.bundle",
        ["relay oci"] = "relay oci push fraud@3 registry.example.com/models/fraud:3",
        ["relay oci push"] = "relay oci push fraud@champion registry.example.com/models/fraud:champion --registry-auth registry.auth",
        ["relay oci pull"] = "relay oci pull registry.example.com/models/fraud:3 fraud-3 --anchors anchors.pem",
        ["relay backup"] = "relay backup /backups/relay-monday.tar.gz --data /var/lib/relay",
        ["relay restore"] = "relay restore /backups/relay-monday.tar.gz --data /var/lib/relay",
        ["relay gc"] = "relay gc --data /var/lib/relay --dry-run",
        ["relay folder"] = "relay folder status --database-file /etc/relay/database --folder-key-file /etc/relay/folder.key",
        ["relay folder status"] = "relay folder status --database-file /etc/relay/database --folder-key-file /etc/relay/folder.key",
        ["relay folder store"] = "relay folder store --database-file /etc/relay/database --folder-key-file /etc/relay/folder.key",
        ["relay doctor"] = "relay doctor --data /var/lib/relay",
        ["relay keys"] = "relay keys status --data /var/lib/relay",
        ["relay keys init"] = "relay keys init ceremony --root-keys 5 --root-threshold 3 --key-passphrase-file /media/stick/passphrase",
        ["relay keys status"] = "relay keys status --data /var/lib/relay",
        ["relay keys create"] = "relay keys create root-4.pem",
        ["relay keys create-cms"] = "relay keys create-cms cms-2027",
        ["relay keys encrypt"] = "relay keys encrypt --data /var/lib/relay --key-passphrase-file /etc/relay/passphrase",
        ["relay keys decrypt"] = "relay keys decrypt --data /var/lib/relay",
        ["relay keys rotate"] = "relay keys rotate timestamp snapshot --data /var/lib/relay",
        ["relay keys revoke"] = "relay keys revoke 3fa1c09b --public-key root-4.pub.pem --data /var/lib/relay",
        ["relay keys renew-root"] = "relay keys renew-root --data /var/lib/relay",
        ["relay keys export-root"] = "relay keys export-root root.json --data /var/lib/relay",
        ["relay keys import-root"] = "relay keys import-root signed/root.json --data /var/lib/relay",
        ["relay issue-signer"] = "relay issue-signer --root cms-root.pem --root-key cms-root-key.pem --public-key hsm.pub.pem --out cms-signer.pem",
        ["relay explain"] = "relay explain fraud.onnx --repository /srv/www/relay --root root.json",
        ["relay sign"] = "relay sign targets.json --key targets-1.pem --pending pending.json",
        ["relay pending"] = "relay pending",
        ["relay pending delete"] = "relay pending delete 42-1f81eb52",
        ["relay approve"] = "relay approve 4f1c2a7e --key targets-1.pem",
        ["relay api-keys"] = "relay api-keys create ci --role trainer --expires 90",
        ["relay api-keys list"] = "relay api-keys list",
        ["relay api-keys create"] = "relay api-keys create ci --role trainer --expires 90",
        ["relay api-keys rotate"] = "relay api-keys rotate 8d2f60aa --overlap 48",
        ["relay api-keys revoke"] = "relay api-keys revoke 8d2f60aa",
        ["relay identity"] = "relay identity check token.jwt --identity identity.json",
        ["relay identity check"] = "relay identity check token.jwt --identity identity.json",
        ["relay profile"] = "relay profile add production https://relay.example.com:60002 --key-file relay.key --ca ca.pem",
        ["relay profile add"] = "relay profile add production https://relay.example.com:60002 --key-variable PRODUCTION_KEY --ca ca.pem",
        ["relay profile list"] = "relay profile list --json",
        ["relay profile use"] = "relay profile use production",
        ["relay profile remove"] = "relay profile remove production",
        ["relay completion"] = "relay completion bash",
        ["relay complete"] = "relay complete 12 \"relay model \"",
        ["relay approver-key"] = "relay approver-key --data /var/lib/relay",
    };

    /// <summary>Shows the example of each command below the rest of its help.</summary>
    /// <param name="help">The help option of the root, which all commands have.</param>
    public static HelpOption AddTo(HelpOption help)
    {
        help.Action = new HelpWithExample((SynchronousCommandLineAction)help.Action!);
        return help;
    }

    /// <param name="path">The words that name the command, such as <c>relay keys status</c>.</param>
    public static string? Find(string path) => Examples.GetValueOrDefault(path);

    private static string PathOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : command.Command.Name;

    private sealed class HelpWithExample(SynchronousCommandLineAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            int code = help.Invoke(parseResult);
            if (Find(PathOf(parseResult.CommandResult)) is { } example)
            {
                TextWriter output = parseResult.InvocationConfiguration.Output;
                output.WriteLine("Example:");
                output.WriteLine("  " + example);
                output.WriteLine();
            }

            return code;
        }
    }
}
