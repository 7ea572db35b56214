/** The project for Power BI: model, measures and pages, ready to open. */
export function Project() {
  return (
    <>
      <p>
        Baixe o projeto, descompacte-o, abra <code>Sienge.pbip</code> com o Power BI Desktop e informe o usuário e a
        senha abaixo, que só podem ler: modelo, medidas e páginas já vêm prontos.
      </p>
      <a className="button start" href="/api/bi/Sienge.zip" download>
        Baixar o projeto do Power BI
      </a>
    </>
  );
}
