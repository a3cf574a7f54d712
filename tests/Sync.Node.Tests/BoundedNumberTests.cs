namespace Sync.Node.Tests;

public sealed class BoundedNumberTests
{
    [Theory]
    [InlineData("serve --max-rows abc", "--max-rows takes 1 to 10000000, not 'abc'.")]
    [InlineData("serve --max-rows 0", "--max-rows takes 1 to 10000000, not '0'.")]
    [InlineData("serve --max-body-mib 1025", "--max-body-mib takes 1 to 1024, not '1025'.")]
    [InlineData("pin 1.5", "<RELEASE> takes 1 to 2147483647, not '1.5'.")]
    [InlineData("pin 7", null)]
    [InlineData("serve --max-rows 7", null)]
    public void Parse_Number_IsTakenWithinItsBoundsOnly(string line, string? error) =>
        Assert.Equal(error, NodeCommandLine.Create().Parse(line.Split(' ')).Errors.SingleOrDefault()?.Message);
}
