using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relay.Server.Cli;
using Relay.Server.Http.Tls;
using Relay.Server.Storage;
using Relay.TestKit;

namespace Relay.Server.Tests.Http.Tls;

// Files of the certificate that change while the relay runs.
public sealed partial class TlsTests
{
    [Fact]
    public void ReloadIfChanged_OtherFilesOfTheCertificate_ArePresentedOnceBothAreThere()
    {
        using TemporaryFolder folder = new();
        (string first, string firstKey) = CreatePem("CN=first");
        (string second, string secondKey) = CreatePem("CN=second");
        (string certificate, string key) = (folder.Combine("own.pem"), folder.Combine("own.key"));
        File.WriteAllText(certificate, first);
        File.WriteAllText(key, firstKey);
        TestLogger<ServerTls> log = new();
        using ServerTls tls = new(
            new() { CertificateFile = certificate, CertificateKeyFile = key },
            new DevelopmentCa(new DataFolder(folder.Combine("data")), new TestClock()), new TestClock(), log);

        File.WriteAllText(certificate, second);
        tls.ReloadIfChanged();
        tls.ReloadIfChanged();
        string halfWay = tls.Current.ServerCertificateContext!.TargetCertificate.Subject;
        File.WriteAllText(key, secondKey);
        tls.ReloadIfChanged();

        Assert.Equal("CN=first", halfWay);
        Assert.Single(log.Entries, entry => entry.EventId == 1101);
        Assert.Equal("CN=second", tls.Current.ServerCertificateContext!.TargetCertificate.Subject);
    }

    [Fact]
    public void ReloadIfChanged_FileThatCannotBeRead_IsLoggedWhenItBeginsEachTime()
    {
        using TemporaryFolder folder = new();
        (string pem, string keyPem) = CreatePem("CN=own");
        string certificate = folder.Combine("own.pem");
        File.WriteAllText(certificate, pem + "\n" + keyPem);
        TestLogger<ServerTls> log = new();
        using ServerTls tls = new(
            new() { CertificateFile = certificate }, new DevelopmentCa(new DataFolder(folder.Combine("data")), new TestClock()),
            new TestClock(), log);

        for (int time = 1; time <= 2; time++)
        {
            using (FileStream file = File.OpenWrite(certificate))
            {
                file.SetLength(1L << 32);
            }

            tls.ReloadIfChanged();
            tls.ReloadIfChanged();
            Assert.Equal(time, log.Entries.Count(entry => entry.EventId == 1101));
            File.WriteAllText(certificate, pem + "\n" + keyPem);
            tls.ReloadIfChanged();
        }
    }

    [Fact]
    public void ReloadIfChanged_FilesGone_KeepsTheCertificateInUse()
    {
        using TemporaryFolder folder = new();
        (string pem, string keyPem) = CreatePem("CN=own");
        string certificate = folder.Combine("own.pem");
        File.WriteAllText(certificate, pem + "\n" + keyPem);
        using ServerTls tls = new(
            new() { CertificateFile = certificate }, new DevelopmentCa(new DataFolder(folder.Combine("data")), new TestClock()), new TestClock(),
            new TestLogger<ServerTls>());

        File.Delete(certificate);
        tls.ReloadIfChanged();

        Assert.Equal("CN=own", tls.Current.ServerCertificateContext!.TargetCertificate.Subject);
    }
}
